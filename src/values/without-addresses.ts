const EDGE = '\\s<>()[\\]{}:;,"\'`|';
/** From an edge to an edge, so that a text without any `@` is read once. */
const ADDRESS = new RegExp(`(?<![^${EDGE}])[^${EDGE}@]+@[^${EDGE}]+`, 'g');
const IN_WORD = /[\p{L}\p{N}]/u;
/** A shorter name gives nobody away, and stands in half of all sentences. */
const LEAST_NAME = 3;

/**
 * A text in which others may have written mail addresses, with `[address]` in their places. Where the text is about
 * `known`, the part of this address before the `@` becomes `[name]`: a server may say it alone.
 */
export function withoutAddresses(text: string, known?: string): string {
  const rest = text.replace(ADDRESS, '[address]');
  const name = known?.slice(0, Math.max(0, known.lastIndexOf('@'))) ?? '';
  return name.length < LEAST_NAME ? rest : replaceWord(rest, name, '[name]');
}

/** In capitals or not. Searched by hand: to make a pattern for each address takes a hundred times as long. */
function replaceWord(text: string, word: string, replacement: string): string {
  const [folded, sought] = [fold(text), fold(word)];
  let [done, from] = ['', 0];
  for (let at = folded.indexOf(sought); at !== -1; at = folded.indexOf(sought, at + 1)) {
    const end = at + sought.length;
    if (at < from || IN_WORD.test(text.charAt(at - 1)) || IN_WORD.test(text.charAt(end))) continue;
    done += text.slice(from, at) + replacement;
    from = end;
  }
  return done + text.slice(from);
}

/** Letter by letter, so that places stay the same: `İ` would become two. */
const fold = (text: string): string => {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
};
