// What knows of all the world's letters is made at first use: most texts are ASCII, and it costs a short command much.
let segmenter: Intl.Segmenter | undefined;

const isPlain = (text: string): boolean => /^[ -~]*$/.test(text);

/** Letters that take two columns of a terminal: those of East Asia, and emoji. */
const isWide = (letter: string): boolean =>
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u.test(
    letter,
  );

const isNothing = (letter: string): boolean => /^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(letter);

/** What people take for one letter, with its accents. */
function lettersOf(text: string): Iterable<string> {
  if (isPlain(text)) return text;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

const widthOf = (letter: string): number =>
  isPlain(letter) ? 1 : isNothing(letter) ? 0 : isWide(letter) ? 2 : 1;

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const letter of lettersOf(text)) width += widthOf(letter);
  return width;
}

/** The text in at most this many columns; an ellipsis replaces what is left out. */
export function fitWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let cut = '';
  let width = 1; // the ellipsis
  for (const letter of lettersOf(text)) {
    width += widthOf(letter);
    if (width > columns) break;
    cut += letter;
  }
  return `${cut}…`;
}
