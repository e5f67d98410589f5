/** Keeps the cookies of one person at one site, and follows no redirect by itself. */
export interface Browser {
  get(path: string): Promise<Page>;
  /** sends a form */
  post(path: string, form: Readonly<Record<string, string>>): Promise<Page>;
  postJson(path: string, body: unknown): Promise<Page>;
  putJson(path: string, body: unknown): Promise<Page>;
  /** the same browser once it was closed and opened again: cookies that last are still there */
  reopened(): Browser;
}

export interface Page {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
  /** the value of a hidden field, such as a CSRF token */
  field(name: string): string;
}

type Headers = Readonly<Record<string, string>>;

/** A browser that has been nowhere yet; some applications are sent who it is in `headers` instead of a cookie. */
export const openBrowser = (origin: string, headers: Headers = {}): Browser =>
  browserWith(origin, headers, new Map());

/** Name of a cookie → its value, and whether it lasts. */
type Cookies = Map<string, readonly [value: string, lasts: boolean]>;

function browserWith(origin: string, headers: Headers, cookies: Cookies): Browser {
  async function request(path: string, init: RequestInit = {}): Promise<Page> {
    const cookie = [...cookies].map(([name, [value]]) => `${name}=${value}`).join('; ');
    const url = new URL(path, origin);
    // Applications compare these with their own address before they take a POST.
    const usual = { origin: url.origin, referer: url.href, cookie, ...headers };
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...usual, ...(init.headers as Record<string, string> | undefined) },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = splitAtFirst(set.split(';')[0] ?? '', '=');
      cookies.set(name, [value, /;\s*(?:expires|max-age)=/i.test(set)]);
    }
    const text = await answer.text();
    return {
      status: answer.status,
      location: answer.headers.get('location') ?? undefined,
      text,
      field: (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '',
    };
  }

  const sendJson = (method: string) => (path: string, body: unknown) =>
    request(path, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  return {
    get: (path) => request(path),
    post: (path, form) => request(path, { method: 'POST', body: new URLSearchParams(form) }),
    postJson: sendJson('POST'),
    putJson: sendJson('PUT'),
    reopened: () => browserWith(origin, headers, new Map([...cookies].filter(([, [, lasts]]) => lasts))),
  };
}

function splitAtFirst(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
