import type { Knex } from 'knex';
import type { Db } from '../connect.ts';
import type { Key } from './pages.ts';

const table = 'reset_move';
/** The row that is about the whole move. */
const WHOLE = '*';

/**
 * `begun`: nothing has been copied; `copying`: the old tables are all there; `dropping`: they were compared with their
 * copies, and may be dropped.
 */
export type MovePhase = 'begun' | 'copying' | 'dropping';

/** How far a table has been copied. */
export interface TableProgress {
  readonly after: Key | null;
  readonly isCopied: boolean;
}

interface Row {
  readonly name: string;
  readonly state: string;
  readonly after_key: string | null;
}

/** The journal of a move, in the database that gets the tables. `token` tells this move from every other. */
export async function openJournal(db: Db, token: string): Promise<void> {
  if (!(await db.schema.hasTable(table))) {
    await db.schema.createTable(table, (columns) => {
      columns.string('name', 64).primary();
      columns.string('state', 16).notNullable();
      columns.text('after_key');
    });
  }
  const known = (await db(table).where({ name: WHOLE }).first()) as Row | undefined;
  if (!known) await db<Row>(table).insert({ name: WHOLE, state: 'begun', after_key: token });
}

export async function closeJournal(db: Db): Promise<void> {
  await db.schema.dropTableIfExists(table);
}

/** Undefined: no move is under way here. */
export async function readJournal(db: Db): Promise<{ phase: MovePhase; token: string } | undefined> {
  if (!(await db.schema.hasTable(table))) return undefined;
  const whole = (await db(table).where({ name: WHOLE }).first()) as Row | undefined;
  return whole && { phase: whole.state as MovePhase, token: whole.after_key ?? '' };
}

export async function setPhase(db: Db, phase: MovePhase): Promise<void> {
  await db<Row>(table).where({ name: WHOLE }).update({ state: phase });
}

export async function readProgress(db: Db, name: string): Promise<TableProgress> {
  const row = (await db(table).where({ name }).first()) as Row | undefined;
  return {
    after: row?.after_key == null ? null : (JSON.parse(row.after_key) as Key),
    isCopied: row?.state === 'copied',
  };
}

/**
 * Notes how far a table has been copied, in the transaction that wrote its rows. False: another process has copied
 * from the same place meanwhile.
 */
export async function noteProgress(
  trx: Knex,
  name: string,
  before: TableProgress,
  { after, isCopied }: TableProgress,
): Promise<boolean> {
  const row = { state: isCopied ? 'copied' : 'copying', after_key: after && JSON.stringify(after) };
  if (before.after === null) {
    // A second process gets the key's error.
    await trx<Row>(table).where({ name, after_key: null }).delete();
    await trx<Row>(table).insert({ name, ...row });
    return true;
  }
  const count = await trx<Row>(table)
    .where({ name, after_key: JSON.stringify(before.after) })
    .update(row);
  return count === 1;
}

/** Copies this table from the beginning. */
export async function forgetProgress(trx: Knex, name: string): Promise<void> {
  await trx<Row>(table).where({ name }).delete();
}
