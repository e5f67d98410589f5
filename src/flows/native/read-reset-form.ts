/** The form of a page that asks for a new password. */
export interface ResetForm {
  /** as the page says it; absent: the page's own address */
  readonly action: string | undefined;
  /** every field as a browser would send it, every password the new one */
  fill(password: string): URLSearchParams;
}

/** What people see first on a page, for a message. */
const MAX_WORDS = 200;

/**
 * The form with the most passwords in it, if there is one: the box to sign in, which stands on every page of some
 * sites, has only one.
 */
export function readResetForm(html: string): ResetForm | undefined {
  const forms = Array.from(html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis), ([, head = '', inside = '']) => {
    const action = attribute(head, 'action');
    return {
      action: action === '' ? undefined : action,
      passwords: inside.match(/type\s*=\s*["']?password/gi)?.length ?? 0,
      fill: (password: string) => fieldsOf(inside, password),
    };
  });
  return forms
    .filter(({ passwords }) => passwords > 0)
    .sort((one, other) => other.passwords - one.passwords)[0];
}

function fieldsOf(inside: string, password: string): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [input] of inside.matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(input, 'name');
    const type = attribute(input, 'type')?.toLowerCase() ?? 'text';
    const isLeftOut =
      /^(submit|button|image|reset|file)$/.test(type) ||
      (/^(checkbox|radio)$/.test(type) && !/\schecked\b/i.test(input));
    if (name !== undefined && !isLeftOut)
      fields.set(name, type === 'password' ? password : (attribute(input, 'value') ?? ''));
  }
  return fields;
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?<![\\w-])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  return value === undefined ? undefined : decode(value);
}

/** The first words of a page, without its markup. */
export function wordsOf(html: string): string {
  const text = html
    .replace(/<!--.*?-->|<(script|style|head|svg|template|noscript)\b.*?<\/\1\s*>/gis, ' ')
    .replace(/<[^>]*>/g, ' ');
  const words = decode(text).replace(/\s+/g, ' ').trim();
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
}

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  amp: '&',
};

const decode = (html: string): string =>
  html.replace(
    /&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]+));/gi,
    (all, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? all;
      return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal));
    },
  );
