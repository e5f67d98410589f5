/** Wide in a terminal and in a mail reader's fixed font: two columns. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;
/** Japanese and Chinese have no spaces: a line may end behind any of these … */
const breaksAfter = /[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]$/u;
/** … unless it opens something, or is a prefix: polite, "again", or the first half of 申し込む … */
const neverLast = /(?:[（「『【〈《“‘ごお再]|申し)$/u;
/** … or one of these follows, which never starts a line. */
const neverFirst = /^[、。，．：；）」』】〉》”’！？…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u;
/** Particles and endings stay with their word, as far as a line allows. */
const ending = /^(?![ごお]$)[\u3041-\u309f]/u;
const maxPhrase = 24;

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const isolated = /\u2068[^\u2069]*\u2069?/gu;
const rightToLeftMark = '\u200f';

const columns = (text: string): number => {
  if (!wide.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += wide.test(character) ? 2 : 1;
  return sum;
};

let segmenter: Intl.Segmenter | undefined;

/** A run of Japanese → the phrases between which it may be broken. */
function cutWord(word: string): readonly string[] {
  segmenter ??= new Intl.Segmenter('ja', { granularity: 'word' });
  const phrases: string[] = [];
  for (const { segment } of segmenter.segment(word)) {
    const previous = phrases.at(-1);
    if (previous === undefined || mayBreak(previous, segment)) phrases.push(segment);
    else phrases[phrases.length - 1] = previous + segment;
  }
  return phrases;
}

function mayBreak(previous: string, next: string): boolean {
  if (!breaksAfter.test(previous) || neverLast.test(previous) || neverFirst.test(next)) return false;
  return !ending.test(next) || columns(previous) > maxPhrase || /[、。，；]$/u.test(previous);
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

const startsRightToLeft = (text: string): boolean => rightToLeft.test(/\p{L}/u.exec(text)?.[0] ?? '');

/** What shows plain text goes by the first letter of a line; some look into isolates for it, and some do not. */
const readsRightToLeft = (line: string): boolean =>
  startsRightToLeft(line) && startsRightToLeft(line.replace(isolated, ''));

/** A line of an Arabic text that begins with a Latin name would be shown from left to right, its full stop first. */
const markLines = (text: string): string =>
  startsRightToLeft(text.replace(isolated, ''))
    ? text.replace(/^.+$/gm, (line) => (readsRightToLeft(line) ? line : rightToLeftMark + line))
    : text;

/** Breaks prose at 72 columns, as people write mails; existing line breaks stay, a long word is never cut. */
export const wrapText = (text: string, width = 72): string =>
  text
    .split('\n')
    .map((line) => markLines(wrapLine(line, width)))
    .join('\n');
