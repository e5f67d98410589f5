import { renderUnicodeCompact } from 'uqr';

/** Light modules are drawn: right for a dark terminal, and with colours for every one. */
const ON_BLACK = '\u001b[97;40m';
const RESET = '\u001b[0m';

export interface QrCode {
  /** columns that it takes */
  readonly width: number;
  readonly lines: readonly string[];
}

/** A text as a code for the camera of a telephone, two modules to a letter. */
export function qrCode(text: string, { hasColor }: { readonly hasColor: boolean }): QrCode {
  const lines = renderUnicodeCompact(text, { ecc: 'L', border: 2 }).split('\n');
  const width = Math.max(...lines.map((line) => line.length));
  return { width, lines: hasColor ? lines.map((line) => `${ON_BLACK}${line}${RESET}`) : lines };
}
