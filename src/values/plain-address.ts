/** White space, controls and letters that nobody sees: what copies and exports leave at the ends of an address. */
const INVISIBLE = '[\\s\\p{Cc}\\p{Cf}]+';
const ENDS = new RegExp(`^${INVISIBLE}|${INVISIBLE}$`, 'gu');

/** The text without white space and invisible letters at its ends. */
export const trimInvisible = (text: string): string => text.replace(ENDS, '');

/**
 * The address in what people copy: `Susan <susan@example.com>`, `mailto:susan@example.com?subject=x`,
 * `"susan@example.com";`. What holds no address in such a form comes back as it is, trimmed.
 */
export function plainAddress(text: string): string {
  const trimmed = trimInvisible(trimInvisible(text).replace(/[\s;,]+$/u, ''));
  const inBrackets = /^[^<>]*<([^<>]*)>$/u.exec(trimmed)?.[1];
  const bare = trimInvisible(inBrackets ?? unquote(trimmed));
  const address = /^mailto:/iu.test(bare) ? bare.slice('mailto:'.length).replace(/\?.*$/u, '') : bare;
  return withoutGuard(address);
}

/** A cell that a report has guarded against spreadsheets (`'=…`), as it was before. */
export const withoutGuard = (cell: string): string =>
  /^'[=+\-@＝＋－＠]/u.test(cell) ? cell.slice(1) : cell;

const unquote = (text: string): string => /^"([^"]*)"$/u.exec(text)?.[1] ?? text;
