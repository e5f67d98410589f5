/** More than any browser sends; what is longer was not written by one. */
const maxHeaderLength = 1000;

/** `de_DE.UTF-8` and `de-de` → `de-de`; phpBB says `zh_cmn_hans`. */
const normalize = (tag: string): string =>
  tag
    .trim()
    .replace(/[.@].*$/, '')
    .replaceAll('_', '-')
    .toLowerCase()
    .replace(/^zh-cmn-/, 'zh-');

/** Language and script, as people who speak it write it: `pt-PT` → `pt-Latn`, `zh-TW` → `zh-Hant`, `iw` → `he-Hebr`. */
function scriptOf(tag: string): string | undefined {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script ?? ''}`;
  } catch {
    return undefined; // a stranger's text, or the name of a file
  }
}

const scripts = new Map<string, string | undefined>();

/** Names of files come again and again. */
function knownScriptOf(name: string): string | undefined {
  if (!scripts.has(name)) scripts.set(name, scriptOf(name));
  return scripts.get(name);
}

/** The file by this name or by the name of a part of it: `de-AT` finds `de`. */
function findByName(tag: string, available: readonly string[]): string | undefined {
  const parts = tag.split('-');
  for (let count = parts.length; count > 0; count -= 1) {
    const prefix = parts.slice(0, count).join('-');
    const found = available.find((name) => name.toLowerCase() === prefix);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A file in the same language and script, although it is called otherwise. Another script may not be readable. */
function findByScript(tag: string, available: readonly string[]): string | undefined {
  const script = tag === '' ? undefined : scriptOf(tag);
  return script === undefined ? undefined : available.find((name) => knownScriptOf(name) === script);
}

/**
 * The first wanted language that has a file, by name or by script: `de-AT` finds `de`, `pt` and `pt-PT` find `pt-BR`,
 * `zh` and `zh-CN` find `zh-Hans`, which `zh-TW` does not. Answers only names from `available` (so a stranger's text
 * never becomes a path), English when nothing fits.
 */
export function chooseLocale(
  wanted: readonly (string | null | undefined)[],
  available: readonly string[],
): string {
  for (const given of wanted) {
    const tag = normalize((given ?? '').slice(0, 35));
    const found = findByName(tag, available) ?? findByScript(tag, available);
    if (found !== undefined) return found;
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
