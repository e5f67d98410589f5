/** Longer than any greeting; names that strangers sign up with are used to smuggle whole messages. */
const maxLength = 60;

/** Schemes, hosts (also with the full stops of Chinese and Japanese), addresses, placeholders, markup, many digits. */
const SMUGGLED = /\w:\S|www[.。]|[@{}<>\\]|[.。]\p{L}{2,}(?:\/|$)|(?:\d[\s().-]*){6}/iu;

/**
 * A person's stored name as a greeting can say it: one line, nothing invisible. None at all when it is long or looks
 * like an address, a telephone number or code, for whoever signs up with somebody else's e-mail can write their
 * advertisement there.
 */
export function plainName(name: string | null): string | undefined {
  const line = (name ?? '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  return line !== '' && line.length <= maxLength && !SMUGGLED.test(line.normalize('NFKC')) ? line : undefined;
}
