import * as base64 from 'nodemailer/lib/base64';
import { hasLongerLines, isPlainText } from 'nodemailer/lib/mime-funcs';
import * as qp from 'nodemailer/lib/qp';
import { remember } from '../values/remember.ts';

/** A line of a mail and what it is in quoted-printable: most lines are the same in every mail of a batch. */
interface Line {
  readonly encoded: string;
  /** it may go as it is */
  readonly isPlain: boolean;
}

const MOST_KNOWN = 2000;
const LINE_LENGTH = 76;

const look = remember(
  (line): Line => ({
    // Wrapped with its end, because the library counts that, too.
    encoded: qp.wrap(`${qp.encode(line)}\r\n`).slice(0, -2),
    isPlain: isPlainText(line) && !hasLongerLines(line, LINE_LENGTH),
  }),
  MOST_KNOWN,
);

export type TransferEncoding = '7bit' | 'base64' | 'quoted-printable';

/** A part of a mail: lines, whatever they end with. */
export const linesOf = (content: string): string[] => content.split(/\r\n|\r|\n/);

/** As the library chooses: what is short and plain goes as it is, the rest as `otherwise` says. */
export const encodingOf = (
  lines: readonly string[],
  otherwise: Exclude<TransferEncoding, '7bit'>,
): TransferEncoding => (lines.every((line) => look(line).isPlain) ? '7bit' : otherwise);

/** The same bytes as the library makes of these lines, each of which ends with CRLF but the last. */
export function encodeLines(lines: readonly string[], encoding: TransferEncoding): string {
  switch (encoding) {
    case '7bit':
      return lines.join('\r\n');
    case 'base64':
      return base64.wrap(base64.encode(lines.join('\r\n')));
    case 'quoted-printable': {
      const last = lines.at(-1) ?? '';
      const ended = lines.slice(0, -1).map((line) => look(line).encoded);
      return [...ended, qp.wrap(qp.encode(last))].join('\r\n');
    }
  }
}
