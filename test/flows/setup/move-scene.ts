import { loadConfig } from '../../../src/config/load.ts';
import type { Db } from '../../../src/db/connect.ts';
import { describeTable, listTables, type ColumnInfo } from '../../../src/db/introspect.ts';
import { migrateUp } from '../../../src/db/migrate.ts';
import { moveLedger, type MoveResult } from '../../../src/flows/setup/move-ledger.ts';
import { DATA_TABLES } from '../../../src/flows/setup/own-tables.ts';
import type { TestDatabase } from '../../helpers/databases.ts';

export interface MoveScene {
  /** ends at this step, as a process that dies there does */
  move(diesAt?: (step: string) => boolean | Promise<boolean>): Promise<MoveResult>;
  /** every row of ours, in the order of its keys; undefined: a table is not there */
  read(db: Db): Promise<Record<string, unknown[] | undefined>>;
}

export class Died extends Error {}

/** Tables with rows of every kind in `from`, to be moved into the empty `to`: the database of the users, or another. */
export async function makeMove(
  from: TestDatabase,
  to: TestDatabase,
  { rows = 3, isApart = true } = {},
): Promise<MoveScene> {
  await migrateUp(from.db);
  await fill(from.db, rows);
  const config = await loadConfig({ cwd: null, flags: { database: from.url, ledger: to.url } });
  const app = { ledger: to.db, clock: { now: () => Date.now() }, config, isApart };
  return {
    move: (diesAt = () => false) =>
      moveLedger(app, {
        from: from.url,
        step: async (done) => {
          if (await diesAt(done)) throw new Died(done);
        },
      }),
    read: readAll,
  };
}

/** A value for every column: the largest numbers, all kinds of letters, nothing. */
async function fill(db: Db, rows: number): Promise<void> {
  for (const name of DATA_TABLES) {
    const table = await describeTable(db, name);
    const columns = table?.columns ?? [];
    const made = Array.from({ length: rows }, (_, index) =>
      Object.fromEntries(columns.map((column) => [column.name, valueOf(column, index)])),
    );
    for (let start = 0; start < made.length; start += 100)
      await db(name).insert(made.slice(start, start + 100));
  }
}

function valueOf({ name, type, kind, nullable, maxLength }: ColumnInfo, index: number): unknown {
  if (nullable && index % 3 === 2) return null;
  if (kind === 'boolean') return index % 2 === 1;
  if (kind === 'integer') return isLarge(name) ? 1_795_973_310_123_456 + index : index + 1;
  if (kind === 'number') return 0.1 + index;
  if (name === 'state') return 'sent';
  // Unique among the rows, and as odd as the column is long.
  const tail = `${index}-Ünï 'κ" \\ 名前 🙂\n%_`;
  const longest = maxLength ?? Number(/\d+/.exec(type)?.[0] ?? 100); // SQLite knows it, and does not mind
  return [...tail].slice(0, longest).join('');
}

/** Nothing began just now. */
const isLarge = (name: string): boolean => name !== 'created_at' && /(_at|_until|_since|expire)$/.test(name);

/**
 * Every column of every table of ours as this database describes them, with its values in order: whatever a migration
 * adds is among them.
 */
export async function readColumns(db: Db): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const isMigrations = (name: string) => name.startsWith('reset_migrations');
  for (const name of (await listTables(db)).filter(
    (each) => each.startsWith('reset_') && !isMigrations(each),
  ))
    for (const { name: column } of (await describeTable(db, name))?.columns ?? []) {
      const values = await db(name).pluck<unknown[]>(column);
      found.set(`${name}.${column}`, values.map(plainText).sort());
    }
  return found;
}

/** A column that is null in every row would prove nothing. */
export const withoutValues = (columns: ReadonlyMap<string, readonly string[]>): string[] =>
  [...columns].filter(([, values]) => values.every((value) => value === 'null')).map(([name]) => name);

const plainText = (value: unknown): string =>
  JSON.stringify(typeof value === 'boolean' ? Number(value) : value);

async function readAll(db: Db): Promise<Record<string, unknown[] | undefined>> {
  const found: Record<string, unknown[] | undefined> = {};
  for (const name of DATA_TABLES) {
    found[name] = (await db.schema.hasTable(name))
      ? ((await db(name)) as object[]).map(plainRow).sort()
      : undefined;
  }
  return found;
}

/** One spelling for what the drivers read differently. */
const plainRow = (row: object): string =>
  JSON.stringify(
    Object.entries(row)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, value]) => [name, typeof value === 'boolean' ? Number(value) : value]),
  );
