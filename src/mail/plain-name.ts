/** Longer than any greeting; names that strangers sign up with are used to smuggle whole messages. */
const maxLength = 60;

/**
 * A person's stored name as a greeting can say it: one line, nothing invisible. None at all when it is long or looks
 * like an address, for whoever signs up with somebody else's e-mail can write their advertisement there.
 */
export function plainName(name: string | null): string | undefined {
  const line = (name ?? '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  const isGreeting =
    line !== '' && line.length <= maxLength && !/:\/\/|www\.|@|\.\p{L}{2,}(?:\/|$)/iu.test(line);
  return isGreeting ? line : undefined;
}
