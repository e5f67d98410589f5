import { ResetError } from '../errors.ts';

/** What the application's own page did with a link and a new password. */
export interface NativeWalk {
  /** of the answer to the form, or of the page where no form was */
  readonly status: number;
  /** whether the page showed a form for a new password; a link that it refuses gets none */
  readonly hadForm: boolean;
}

const MAX_REDIRECTS = 5;

/**
 * Open a link as a browser without JavaScript does, with cookies and redirects, and fill in the first form that asks
 * for a password. Throws config_invalid when the page leads to another site: no password is sent there.
 */
export async function walkNativePage(link: string, password: string, timeoutMs: number): Promise<NativeWalk> {
  const cookies = new Map<string, string>();
  const visit = async (url: URL, body?: URLSearchParams): Promise<Response> => {
    if (url.origin !== new URL(link).origin) {
      throw new ResetError('config_invalid', `The reset page leads to another site: ${url.origin}.`);
    }
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      method: body ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie, origin: url.origin, referer: url.href },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body }),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(set) ?? [];
      if (name !== undefined) cookies.set(name, value ?? '');
    }
    return answer;
  };

  let url = new URL(link);
  let page = await visit(url);
  for (let count = 0; count < MAX_REDIRECTS && page.headers.has('location'); count += 1) {
    url = new URL(page.headers.get('location') ?? '', url);
    page = await visit(url);
  }
  const form = findForm(await page.text(), password);
  if (!form) return { status: page.status, hadForm: false };
  const answer = await visit(new URL(form.action ?? url.href, url), form.fields);
  return { status: answer.status, hadForm: true };
}

/** The first form with a password in it: every field as it is, every password the new one. */
function findForm(
  html: string,
  password: string,
): { action: string | undefined; fields: URLSearchParams } | undefined {
  for (const [, head = '', inside = ''] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)) {
    if (!/type=["']?password/i.test(inside)) continue;
    const fields = new URLSearchParams();
    for (const [input] of inside.matchAll(/<input\b[^>]*>/gi)) {
      const name = attribute(input, 'name');
      const type = attribute(input, 'type')?.toLowerCase();
      if (name === undefined || type === 'submit' || type === 'button') continue;
      fields.set(name, type === 'password' ? password : (attribute(input, 'value') ?? ''));
    }
    const action = attribute(head, 'action');
    return { action: action === '' ? undefined : action, fields };
  }
  return undefined;
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  return value?.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}
