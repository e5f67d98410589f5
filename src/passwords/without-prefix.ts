/** What follows the prefix; the empty string, which is no hash, where the text begins otherwise. */
export const withoutPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : '';
