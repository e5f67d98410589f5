/** Wide in a terminal and in a mail reader's fixed font: two columns. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;
/** Japanese and Chinese have no spaces: a line may end behind any of these … */
const breaksAfter = /[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]/u;
/** … unless one of these follows, which never starts a line. */
const neverFirst = /[、。，．）」』】〉》！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u;

const columns = (text: string): number => {
  if (!wide.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += wide.test(character) ? 2 : 1;
  return sum;
};

/** A run of Japanese → the pieces between which it may be broken. */
function cutWord(word: string): readonly string[] {
  const pieces: string[] = [];
  let previous = '';
  for (const character of word) {
    const joins = previous === '' || !breaksAfter.test(previous) || neverFirst.test(character);
    if (joins) pieces.push((pieces.pop() ?? '') + character);
    else pieces.push(character);
    previous = character;
  }
  return pieces;
}

function wrapLine(line: string, width: number): string {
  if (line.length * 2 <= width) return line;
  const lines: string[] = [];
  let current = '';
  let filled = 0;
  let gap = '';
  for (const word of line.split(' ')) {
    for (const piece of wide.test(word) ? cutWord(word) : [word]) {
      const needed = columns(piece);
      if (current !== '' && filled + gap.length + needed > width) {
        lines.push(current);
        current = piece;
        filled = needed;
      } else {
        current += gap + piece;
        filled += gap.length + needed;
      }
      gap = '';
    }
    gap = ' ';
  }
  return [...lines, current].join('\n');
}

/** Breaks prose at 72 columns, as people write mails; existing line breaks stay, a long word is never cut. */
export const wrapText = (text: string, width = 72): string =>
  text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
