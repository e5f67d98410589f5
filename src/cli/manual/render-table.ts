import type { Paint } from '../terminal/paint.ts';
import { wrapWords } from '../terminal/wrap-words.ts';

const GAP = 2;
/** Narrower than this a column of sentences is hard to read. */
const NARROWEST = 24;

/** A table that fits the width: cells are wrapped between words; where even that is too wide, one field a line. */
export function renderTable(
  rows: readonly (readonly string[])[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const [header = [], ...body] = rows;
  const widths = fit(
    header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))),
    width,
  );
  const isFitting =
    widths.reduce((sum, each) => sum + each + GAP, -GAP) <= width && !breaksWord(rows, widths);
  if (!isFitting) return body.map((row) => asList(header, row, { width, paint })).join('\n\n');
  const [first, ...others] = rows.map((row) => asLines(row, widths));
  return [...(first ?? []).map(paint.bold), ...others.flat()].join('\n');
}

/** The widest columns shrink until all fit, or until they are as narrow as allowed. */
function fit(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  for (;;) {
    const widest = Math.max(...widths);
    const total = widths.reduce((sum, each) => sum + each + GAP, -GAP);
    if (total <= width || widest <= NARROWEST) return widths;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

const breaksWord = (rows: readonly (readonly string[])[], widths: readonly number[]): boolean =>
  rows.some((row) =>
    row.some((cell, column) => cell.split(' ').some((word) => word.length > (widths[column] ?? 0))),
  );

function asLines(row: readonly string[], widths: readonly number[]): string[] {
  const cells = widths.map((width, column) => wrapWords(row[column] ?? '', width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, column) => (lines[line] ?? '').padEnd((widths[column] ?? 0) + GAP))
      .join('')
      .trimEnd(),
  );
}

/** The first field as a heading, the others under it with their names. */
function asList(
  header: readonly string[],
  [name = '', ...fields]: readonly string[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const lines = fields.flatMap((field, index) =>
    field === '' ? [] : wrapWords(`  ${header[index + 1] ?? ''}: ${field}`, width, '    '),
  );
  return [paint.bold(name), ...lines].join('\n');
}
