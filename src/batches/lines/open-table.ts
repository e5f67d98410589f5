import { ResetError } from '../../errors.ts';
import { isEmail } from '../../values/email.ts';
import { plainAddress, trimInvisible } from '../../values/plain-address.ts';
import { findColumns, listNames, missingColumn, type ColumnHints, type Columns } from './column-names.ts';

/** How a file is to be read. */
export interface Table {
  /** undefined: one address per line */
  readonly columns: Columns | undefined;
  readonly delimiter: string;
  /** lines before the header row or the first address that hold no recipient */
  readonly skippedLines: number;
  /** the text from the header row or the first address on */
  readonly rest: string;
}

const DELIMITERS = [',', ';', '\t', '|'];

/** Lines that programs write above the header row: PowerShell's type, Entra's version, comments. */
const PREAMBLE = /^(#TYPE\b.*|version:v?[\d.]+[,;\t]*|#\s.*|#[^@]*)$/iu;

/**
 * Look at the beginning of a file: which delimiter it has, which columns hold ids and addresses, or that it has one
 * address a line. A file has one delimiter: what `sep=` says, else the one by which its header row has these columns.
 *
 * @throws usage_invalid for several columns that nothing names; the message says what was found
 */
export async function openTable(head: string, name: string, hints: ColumnHints): Promise<Table> {
  const { rest, skippedLines, delimiter: declared } = skipPreamble(head, hints);
  const delimiters = declared === undefined ? DELIMITERS : [declared];
  const rows = await Promise.all(
    delimiters.map(async (delimiter) => ({ delimiter, names: await firstRow(rest, delimiter) })),
  );
  rows.sort((a, b) => b.names.length - a.names.length);
  for (const { delimiter, names } of rows) {
    const columns = findColumns(names, hints);
    if (columns) return { columns, delimiter, skippedLines, rest };
  }
  assertAddresses(rows[0]?.names ?? [], { name, rest, hints });
  return { columns: undefined, delimiter: '\0', skippedLines, rest };
}

/** Without columns, each line is an address: a table whose columns nobody knows must not pass for that. */
function assertAddresses(
  names: readonly string[],
  { name, rest, hints }: { readonly name: string; readonly rest: string; readonly hints: ColumnHints },
): void {
  if (hints.column !== undefined && hints.isColumnOptional !== true && names.length > 0)
    throw missingColumn(name, hints.column, names);
  const line = /^[^\r\n]*/u.exec(rest)?.[0] ?? '';
  if (!isEmail(plainAddress(line)) && filled(names).length > 1) throw noColumn(name, names);
}

/** A comment in a list of addresses: no address begins like this. */
export const isComment = (line: string): boolean => PREAMBLE.test(trimInvisible(line));

interface Preamble {
  readonly rest: string;
  readonly skippedLines: number;
  readonly delimiter: string | undefined;
}

function skipPreamble(head: string, hints: ColumnHints): Preamble {
  let delimiter: string | undefined;
  let [at, skippedLines] = [0, 0];
  // Sticky: from every letter of a text without a line end, it would look through all the rest.
  for (const { 0: whole, 1: line = '' } of head.matchAll(/([^\r\n]*)(?:\r\n|\n|\r)/guy)) {
    const separator = separatorOf(line);
    const isEmpty = trimInvisible(line) === '' || (isComment(line) && !isHeader(line, hints));
    if (separator === undefined && !isEmpty) break;
    delimiter ??= separator;
    at += whole.length;
    skippedLines += 1;
  }
  return { rest: head.slice(at), skippedLines, delimiter };
}

/** What `sep=;` says, as Excel writes it; a tab is sometimes lost on the way. */
const separatorOf = (line: string): string | undefined =>
  /^"?sep=(.)"?\s*$/iu.exec(line)?.[1] ?? (/^"?sep=\s*$/iu.test(line) ? '\t' : undefined);

/** `#,Name,E-Mail` looks like a comment, and names a column. */
const isHeader = (line: string, hints: ColumnHints): boolean =>
  line.split(/[,;\t|]/u).some((cell) => findColumns([cell], hints) !== undefined);

async function firstRow(text: string, delimiter: string): Promise<string[]> {
  const { parse } = await import('csv-parse/sync');
  try {
    const options = { delimiter, to: 1, trim: true, relax_quotes: true, relax_column_count: true };
    return parse(text, { ...options, record_delimiter: LINE_ENDS })[0] ?? [];
  } catch {
    return []; // with this delimiter it is not a table
  }
}

/** All that are known, in one file too. */
export const LINE_ENDS = ['\r\n', '\n', '\r'];

const filled = (cells: readonly string[]): string[] => cells.filter((cell) => trimInvisible(cell) !== '');

const noColumn = (file: string, names: readonly string[]): ResetError =>
  new ResetError(
    'usage_invalid',
    `${file} has several columns and no header row with "email" or "id". Its first line has: ${listNames(names)}. Name the column (--column NAME), or write one address per line.`,
    { details: { columns: names.slice(0, 100) } },
  );
