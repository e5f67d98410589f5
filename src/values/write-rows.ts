import { escapeControls, printableJson, tabRow } from './printable.ts';

export type RowFormat = 'csv' | 'json' | 'ndjson' | 'text';

/** How rows look in each format. */
export interface RowShape<Row extends object> {
  /** the columns of CSV, in their order; JSON has whatever a row has */
  readonly columns: readonly (keyof Row & string)[];
  /** columns that programs read back: never guarded, never escaped */
  readonly exact?: readonly (keyof Row & string)[];
  /** a row for people; without it, cells with tabs between them */
  readonly text?: (row: Row) => string;
}

/**
 * Rows as pieces of text, at most one a row and one at the end. A cell is one line and no formula, whatever a name or a
 * reply holds (R82, R83); numbers stay numbers.
 */
export async function* writeRows<Row extends object>(
  rows: AsyncIterable<Row>,
  format: RowFormat,
  shape: RowShape<Row>,
): AsyncGenerator<string> {
  if (format === 'csv') yield* writeCsv(rows, shape);
  else if (format === 'json') yield* writeJson(rows);
  else if (format === 'ndjson') for await (const row of rows) yield `${printableJson(row)}\n`;
  else for await (const row of rows) yield `${textOf(row, shape)}\n`;
}

const textOf = <Row extends object>(row: Row, { columns, text }: RowShape<Row>): string =>
  text === undefined ? tabRow(columns.map((column) => String(row[column] ?? ''))) : escapeControls(text(row));

async function* writeCsv<Row extends object>(
  rows: AsyncIterable<Row>,
  { columns, exact = [] }: RowShape<Row>,
): AsyncGenerator<string> {
  const { stringify } = await import('csv-stringify/sync');
  const isExact = columns.map((column) => exact.includes(column));
  const options = {
    escape_formulas: true,
    cast: {
      string: (text: string, { index }: { index: number }) =>
        isExact[index] === true ? { value: text, escape_formulas: false } : escapeControls(text),
      object: printableJson,
      boolean: String,
    },
  };
  yield stringify([[...columns]]);
  for await (const row of rows) yield stringify([columns.map((column) => row[column])], options);
}

async function* writeJson(rows: AsyncIterable<object>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const row of rows) {
    yield `${before}${printableJson(row)}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
