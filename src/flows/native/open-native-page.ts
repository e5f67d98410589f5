import { readResetForm, wordsOf, type ResetForm } from './read-reset-form.ts';

/** A page of the application, as a browser without JavaScript shows it. */
export interface NativePageSeen {
  /** HTTP status, after redirects */
  readonly status: number;
  /** the first words of the page, or where it leads to */
  readonly says: string;
  /** fills in the form for a new password, and gives the page after it; absent where no form asks for one */
  readonly submit?: (password: string) => Promise<NativePageSeen>;
}

const MAX_REDIRECTS = 5;
/** How many characters of a page are read: a longer page is not a password form. */
const MAX_PAGE = 500_000;
/** Redirects that ask for the same form again, instead of another page. */
const SAME_FORM = [307, 308];

/**
 * Open a link with cookies and redirects. Another site is never followed, and gets no password. `timeoutMs` is for
 * each request. Throws what `fetch` throws when nobody answers.
 */
export function openNativePage(link: string, timeoutMs: number): Promise<NativePageSeen> {
  const { origin } = new URL(link);
  const cookies = new Map<string, string>();

  async function visit(url: URL, from: URL, body?: URLSearchParams): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      method: body ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie, origin, referer: from.href },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body }),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(set) ?? [];
      if (name !== undefined) cookies.set(name, value ?? '');
    }
    return answer;
  }

  async function show(first: URL, from: URL, body?: URLSearchParams): Promise<NativePageSeen> {
    const { url, status, answer } = await follow(visit, first, from, body);
    if (!answer) return { status, says: `it leads to another site, ${url.origin}` };
    const html = (await answer.text()).slice(0, MAX_PAGE);
    const seen = { status, says: wordsOf(html) };
    const form = readResetForm(html);
    if (!form) return seen;
    const action = addressOf(form, url);
    if (action?.origin !== origin) {
      const where = action?.origin ?? JSON.stringify(form.action);
      return { ...seen, says: `its form leads to another site, ${where}` };
    }
    return { ...seen, submit: (password) => show(action, url, form.fill(password)) };
  }

  return show(new URL(link), new URL(link));
}

type Visit = (url: URL, from: URL, body?: URLSearchParams) => Promise<Response>;

/** The page at the end of the redirects; `answer` is missing where they lead to another site. */
async function follow(
  visit: Visit,
  first: URL,
  from: URL,
  body?: URLSearchParams,
): Promise<{ url: URL; status: number; answer?: Response }> {
  let url = first;
  let answer = await visit(url, from, body);
  for (let count = 0; count < MAX_REDIRECTS && answer.headers.has('location'); count += 1) {
    const { status } = answer;
    url = new URL(answer.headers.get('location') ?? '', url);
    if (url.origin !== first.origin) return { url, status };
    answer = await visit(url, from, SAME_FORM.includes(status) ? body : undefined);
  }
  return { url, status: answer.status, answer };
}

/** Where the form is sent; undefined for what is not an address. */
function addressOf({ action, base }: ResetForm, page: URL): URL | undefined {
  if (action === undefined) return page;
  const from = base !== undefined && URL.canParse(base, page.href) ? new URL(base, page).href : page.href;
  return URL.canParse(action, from) ? new URL(action, from) : undefined;
}
