/**
 * The text in a file or pipe, whatever wrote it: UTF-8, or UTF-16 as PowerShell and Windows editors write it, with or
 * without the mark at its beginning (which is never part of the text).
 */
export const decodeText = (bytes: Uint8Array): string =>
  new TextDecoder(encodingOf(bytes) ?? 'utf-8').decode(bytes);

/** Does it begin as UTF-16 does? */
export const isUtf16 = (bytes: Uint8Array): boolean => encodingOf(bytes) !== undefined;

/** Without a mark: nearly every text begins with an ASCII letter, and no UTF-8 text has a NUL in it. */
function encodingOf([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === undefined || second === undefined) return undefined;
  const begins = (one: number, other: number) => first === one && second === other;
  if (begins(0xff, 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if (begins(0xfe, 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return undefined;
}
