import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { CsvError } from 'csv-parse';
import { ResetError } from '../errors.ts';

/** One recipient as the operator wrote it. */
export interface Line {
  readonly id?: string | undefined;
  readonly email?: string | undefined;
  /** for messages: `line 7` */
  readonly place: string;
}

/** Nobody's address is so long; a file without line ends would fill the memory. */
const LONGEST_LINE = 100_000;

/**
 * The recipients of a file: CSV with a header row that has `id` or `email` (`id` is read first), or one address a line.
 * A stream: files of any size. Throws usage_invalid for what is neither.
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const { parse } = await import('csv-parse');
  const parser = parse({
    bom: true,
    trim: true,
    info: true,
    delimiter: [',', ';', '\t'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: LONGEST_LINE,
  });
  const reading = pipeline(openFile(path), parser).catch((error: unknown) => error);
  let columns: Columns | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<Row>) {
      if (columns === undefined) {
        columns = headerOf(record);
        if (columns.isHeader) continue;
      }
      const cell = (index: number) => (record[index] === '' ? undefined : record[index]);
      yield { id: cell(columns.id), email: cell(columns.email), place: `line ${info.lines}` };
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  const failure = await reading;
  if (failure !== undefined) throw unreadable(path, failure);
}

/** SHA-256 of a file, in hex: the same `send` is known by what it read. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(openFile(path), hash);
  } catch (error) {
    throw unreadable(path, error);
  }
  return hash.digest('hex');
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

interface Columns {
  readonly isHeader: boolean;
  readonly id: number;
  readonly email: number;
}

function headerOf(first: readonly string[]): Columns {
  const names = first.map((name) => name.toLowerCase());
  const [id, email] = [names.indexOf('id'), names.indexOf('email')];
  if (id !== -1 || email !== -1) return { isHeader: true, id, email };
  if (first.length === 1) return { isHeader: false, id: -1, email: 0 };
  throw new ResetError(
    'usage_invalid',
    'The file has several columns and no header row with "email" or "id". Add one, or write one address a line.',
  );
}

const openFile = (path: string): ReadStream => createReadStream(path);

function unreadable(path: string, error: unknown): unknown {
  const { code, message, lines } = error as Partial<CsvError> & { lines?: number };
  if (code?.startsWith('CSV_')) {
    return new ResetError(
      'usage_invalid',
      `The file ${path} can't be read as CSV near line ${lines ?? '?'}: ${message ?? ''}`,
      {
        cause: error,
      },
    );
  }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
    return new ResetError('usage_invalid', `The file ${path} can't be read (${code}).`, { cause: error });
  }
  return error;
}
