/** More than any browser sends; what is longer was not written by one. */
const maxHeaderLength = 1000;

/** `de_DE.UTF-8` and `de-de` → `de-de`. */
const normalize = (tag: string): string =>
  tag
    .trim()
    .replace(/[.@].*$/, '')
    .replaceAll('_', '-')
    .toLowerCase();

/**
 * The first wanted language that has a file: `pt-BR` finds `pt-br`, else `pt`. Answers only names from
 * `available` (so a stranger's text never becomes a path), English when nothing fits.
 */
export function chooseLocale(
  wanted: readonly (string | null | undefined)[],
  available: readonly string[],
): string {
  for (const tag of wanted) {
    const parts = normalize((tag ?? '').slice(0, 35)).split('-');
    for (let count = parts.length; count > 0; count -= 1) {
      const prefix = parts.slice(0, count).join('-');
      const found = available.find((name) => name.toLowerCase() === prefix);
      if (found !== undefined) return found;
    }
  }
  return 'en';
}

/** The languages of an `Accept-Language` header, most wanted first; what is refused (`q=0`) or `*` is left out. */
export function parseAcceptLanguage(header: string | undefined): readonly string[] {
  const items = (header ?? '').slice(0, maxHeaderLength).split(',');
  return items
    .map((item) => {
      const [tag = '', ...options] = item.trim().split(/\s*;\s*/);
      const quality = options.find((option) => option.startsWith('q='));
      return { tag, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ tag, quality }) => /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(tag) && quality > 0 && quality <= 1)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}
