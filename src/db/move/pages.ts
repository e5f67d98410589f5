import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { dialectOf, type Db } from '../connect.ts';
import type { ColumnKind } from '../introspect.ts';
import type { MovedTable } from './moved-table.ts';

type Value = string | number | bigint | boolean | Buffer | null | undefined;
export type Row = Readonly<Record<string, Value>>;
/** The values of a row's key: where the next page begins. */
export type Key = readonly (string | number)[];

/** Rows that are read, and written in one transaction. */
export const PAGE = 1000;
/** Of one INSERT: below every database's limit of parameters, whatever the table. */
const ROWS_AT_ONCE = 100;

/** The next rows after this key, in its order. */
export async function readPage(
  db: Db,
  { name, key, columns }: MovedTable,
  after: Key | null,
): Promise<Row[]> {
  const query = db(name)
    .select<Row[]>(columns.map((column) => column.name))
    .orderBy([...key])
    .limit(PAGE);
  const [single, value] = [key.length === 1 ? key[0] : undefined, after?.[0]];
  if (single !== undefined && value !== undefined) void query.where(single, '>', value);
  else if (after !== null) {
    const places = key.map(() => '?').join(', ');
    void query.whereRaw(`(${key.map(() => '??').join(', ')}) > (${places})`, [...key, ...after]);
  }
  return query;
}

export const keyOfRow = ({ key }: MovedTable, row: Row): Key =>
  key.map((name) => row[name] as string | number);

export async function insertRows(
  db: Knex,
  { name, columns }: MovedTable,
  rows: readonly Row[],
): Promise<void> {
  const flags = columns.filter(({ kind }) => kind === 'boolean').map((column) => column.name);
  const isTyped = dialectOf(db) === 'postgres';
  const convert = (row: Row): Row => {
    if (flags.length === 0) return row;
    const own = flags.map((flag): [string, Value] => [
      flag,
      row[flag] == null ? null : isTyped ? Boolean(row[flag]) : Number(row[flag]),
    ]);
    return { ...row, ...Object.fromEntries(own) };
  };
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await db(name).insert(rows.slice(start, start + ROWS_AT_ONCE).map(convert));
}

/** How many rows a table has, and the sum of their digests: the same for the same rows, in any order and database. */
export interface TableDigest {
  readonly rows: number;
  readonly sum: string;
}

const MODULUS = 2n ** 128n;

export async function digestTable(db: Db, table: MovedTable): Promise<TableDigest> {
  let [rows, sum, after] = [0, 0n, null as Key | null];
  for (;;) {
    const page = await readPage(db, table, after);
    for (const row of page) sum = (sum + digestRow(table, row)) % MODULUS;
    rows += page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return { rows, sum: sum.toString(16) };
    after = keyOfRow(table, last);
  }
}

function digestRow({ columns }: MovedTable, row: Row): bigint {
  const values = columns.map(({ name, kind }) => plainValue(row[name], NUMBERS.has(kind)));
  const digest = createHash('sha256').update(JSON.stringify(values)).digest('hex');
  return BigInt(`0x${digest.slice(0, 32)}`);
}

const NUMBERS: ReadonlySet<ColumnKind> = new Set(['integer', 'number', 'boolean']);

/** The drivers give one number as a number, as its digits or as a boolean. */
function plainValue(value: Value, isNumber: boolean): string | number | null {
  if (value === null || value === undefined) return null;
  if (isNumber) return Number(value);
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}
