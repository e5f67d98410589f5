import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { CsvError } from 'csv-parse';
import { ResetError } from '../errors.ts';
import { plainAddress, trimInvisible, withoutGuard } from '../values/plain-address.ts';
import type { ColumnHints, Columns } from './lines/column-names.ts';
import { isComment, LINE_ENDS, openTable, type Table } from './lines/open-table.ts';
import { readText } from './lines/read-text.ts';

/** One recipient as the operator wrote it. */
export interface Line {
  readonly id?: string | undefined;
  readonly email?: string | undefined;
  /** of the file, from 1; absent for an address on the command line */
  readonly line?: number | undefined;
}

/** A file of people. */
export interface PeopleFile {
  readonly path: string;
  /** as the operator wrote it, for messages; the path may be a copy's */
  readonly name: string;
}

/** No address is this long; a file without line ends would fill the memory. */
const LONGEST_LINE = 100_000;
/** Enough for any header row. */
const HEAD = 65_536;

/**
 * The recipients of a file: CSV with a header row that names a column of ids or addresses, or one address per line, as
 * spreadsheets, directories and mail programs write them. A stream: files of any size.
 *
 * @throws usage_invalid for what is neither
 */
export async function* readLines(file: PeopleFile, hints: ColumnHints = {}): AsyncGenerator<Line> {
  let table: Table | undefined;
  try {
    const pieces = readText(file.path, file.name);
    table = await openTable(await readHead(pieces), file.name, hints);
    yield* readRows(table, pieces);
  } catch (error) {
    throw unreadable(file.name, error, table?.skippedLines ?? 0);
  }
}

/** A file without any text, not even a header row. */
export async function isBlank({ path, name }: PeopleFile): Promise<boolean> {
  try {
    for await (const piece of readText(path, name)) if (trimInvisible(piece) !== '') return false;
  } catch (error) {
    throw unreadable(name, error, 0);
  }
  return true;
}

/** SHA-256 of a file, in hex: this is how the same `send` is recognised. */
export async function digestFile({ path, name }: PeopleFile): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw unreadable(name, error, 0);
  }
  return hash.digest('hex');
}

async function readHead(pieces: AsyncGenerator<string>): Promise<string> {
  let head = '';
  while (head.length < HEAD) {
    const next = await pieces.next();
    if (next.done === true) break;
    head += next.value;
  }
  return head;
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function* readRows(table: Table, pieces: AsyncGenerator<string>): AsyncGenerator<Line> {
  const { parse } = await import('csv-parse');
  const { columns, delimiter, skippedLines, rest } = table;
  const parser = parse({
    trim: true,
    info: true,
    delimiter,
    record_delimiter: LINE_ENDS,
    ...(columns === undefined ? { quote: null, escape: null } : { relax_quotes: true, from: 2 }),
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: LONGEST_LINE,
  });
  const feed = async function* () {
    yield rest;
    yield* pieces;
  };
  const reading = pipeline(feed, parser).catch((error: unknown) => error);
  for await (const { record, info } of parser as AsyncIterable<Row>) {
    const line = skippedLines + info.lines - lineBreaks(record);
    if (columns) yield { ...cellsOf(record, columns), line };
    else if (!isComment(record[0] ?? '')) yield { email: filled(plainAddress(record[0] ?? '')), line };
  }
  const failure = await reading;
  if (failure instanceof Error) throw failure;
}

function cellsOf(record: readonly string[], { id, email }: Columns): Pick<Line, 'id' | 'email'> {
  return {
    id: filled(withoutGuard(trimInvisible(record[id] ?? ''))),
    email: filled(plainAddress(record[email] ?? '')),
  };
}

const filled = (cell: string): string | undefined => (cell === '' ? undefined : cell);

/** A quoted cell may span lines: the record gets the number of its first line. */
const lineBreaks = (record: readonly string[]): number =>
  record.reduce((sum, cell) => sum + (/[\r\n]/.test(cell) ? cell.split(/\r\n|\n|\r/).length - 1 : 0), 0);

function unreadable(name: string, error: unknown, skippedLines: number): unknown {
  const { code, message, lines } = error as Partial<CsvError> & { lines?: number };
  if (code?.startsWith('CSV_')) {
    const line = lines === undefined ? '?' : String(lines + skippedLines);
    return new ResetError(
      'usage_invalid',
      `${name} can't be read as CSV near line ${line}: ${message ?? ''}`,
      {
        cause: error,
      },
    );
  }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
    return new ResetError('usage_invalid', `${name} can't be read (${code}).`, { cause: error });
  }
  return error;
}
