/** The record with other keys; a key whose new name is undefined is left out. */
export function renamed<T>(
  record: Readonly<Record<string, T>>,
  rename: (name: string) => string | undefined,
): Record<string, T> {
  const entries = Object.entries(record).map(([name, value]) => [rename(name), value] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, T] => entry[0] !== undefined));
}
