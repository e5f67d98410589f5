import { oneLine } from '../../values/printable.ts';

/** The words of a search: what a person typed, without what steers a terminal or a pattern. */
export const wordsOf = (text: string): string[] =>
  oneLine(text.replaceAll('\0', ' '), 200)
    .split(' ')
    .filter((word) => word !== '');
