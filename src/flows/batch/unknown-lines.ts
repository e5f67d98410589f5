import { detailsOf, ResetError } from '../../errors.ts';
import type { Line } from '../../batches/read-lines.ts';

/** A line that names nobody, or two people. */
export interface UnknownLine {
  /** of the file, from 1; undefined for an address on the command line */
  readonly line?: number | undefined;
  /** as it was written: the id, where there is one */
  readonly text: string;
  readonly reason: 'user_not_found' | 'line_mismatch';
}

export const describeLine = (
  { id, email }: Pick<Line, 'id' | 'email'>,
  isContradictory: boolean,
): Omit<UnknownLine, 'line'> =>
  isContradictory
    ? { text: `id ${id ?? ''}, ${email ?? ''}`, reason: 'line_mismatch' }
    : { text: id ?? email ?? '', reason: 'user_not_found' };

/** `people.csv:7 names no user: nobody@example.com` */
function explainLine(file: string | undefined, { line, text, reason }: UnknownLine): string {
  const place = line === undefined ? '' : `${file ?? 'line'}:${line} `;
  if (reason === 'line_mismatch')
    return `${place}has the id of one person and the address of another: ${text}`;
  return text === '' ? `${place}has neither an id nor an address` : `${place}names no user: ${text}`;
}

/** The lines of such an error, in words. */
export function explainLines(error: ResetError): string[] {
  const { file, lines = [] } = {
    ...detailsOf(error, 'usage_invalid'),
    ...detailsOf(error, 'user_not_found'),
  };
  return lines.map(({ line, ...rest }) =>
    explainLine(file ?? undefined, { ...rest, line: line ?? undefined }),
  );
}

/** Nothing is sent while a line could mean a different person. `file`: their name, if they come from one. */
export function unknownLinesError(file: string | undefined, unknown: readonly UnknownLine[]): ResetError {
  const mismatches = unknown.filter(({ reason }) => reason === 'line_mismatch').length;
  const strangers = unknown.length - mismatches;
  const parts = [
    ...(strangers === 0
      ? []
      : [strangers === 1 ? '1 line names no user' : `${strangers} lines name no user`]),
    ...(mismatches === 0
      ? []
      : [
          `in ${mismatches} ${mismatches === 1 ? 'line' : 'lines'}, id and address belong to different people`,
        ]),
  ];
  const where = file === undefined ? '' : `${file}: `;
  return new ResetError(
    'user_not_found',
    `${where}${parts.join(', and ')}. Nothing was sent. Correct ${unknown.length === 1 ? 'it' : 'them'}, or skip ${unknown.length === 1 ? 'it' : 'them'} with --ignore-unknown.`,
    {
      details: {
        count: unknown.length,
        unknown: unknown.map(({ text }) => text),
        file: file ?? null,
        lines: unknown.map(({ line, text, reason }) => ({ line: line ?? null, text, reason })),
      },
    },
  );
}
