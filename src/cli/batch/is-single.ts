/** Options that do not make a batch. */
const SINGLE: ReadonlySet<string> = new Set(['id', 'username', 'force', 'ticket', 'yes']);

/** What `send` may be given, by name. */
interface Given {
  readonly where: readonly string[];
  readonly except: readonly string[];
}

/** One user and nothing that only a batch has, but for `also`: the short way. */
export function isSingle(
  emails: readonly string[],
  { where, except, ...given }: Given,
  also: readonly string[] = [],
): boolean {
  const isPlain = Object.keys(given).every((name) => SINGLE.has(name) || also.includes(name));
  return emails.length < 2 && where.length === 0 && except.length === 0 && isPlain;
}
