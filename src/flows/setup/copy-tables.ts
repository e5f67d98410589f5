import type { Knex } from 'knex';
import { inTransaction } from '../../db/transaction.ts';
import type { Db } from '../../db/connect.ts';
import { continueCounter, holdTables } from '../../db/move/exclusive.ts';
import { forgetProgress, noteProgress, readProgress, setPhase } from '../../db/move/journal.ts';
import { describeMoved, type MovedTable } from '../../db/move/moved-table.ts';
import { digestTable, insertRows, keyOfRow, PAGE, readPage } from '../../db/move/pages.ts';
import { ResetError } from '../../errors.ts';

/** Hears what has just been done; what it throws ends the move there. */
export type Step = (done: string) => Promise<void> | void;

export interface Pair {
  readonly source: Db;
  readonly target: Db;
}

export interface Dropping {
  /** are compared */
  readonly tables: readonly string[];
  readonly others: readonly string[];
  readonly step: Step;
  /** with nobody else writing */
  readonly assertMovable: (source: Knex) => Promise<void>;
}

/** Copies these tables page by page, from where an earlier run stopped. */
export async function copyTables(pair: Pair, tables: readonly string[], step: Step): Promise<void> {
  for (const name of tables) {
    await copyTable(pair, await describeMoved(pair.source, pair.target, name), step);
    await continueCounter(pair.target, name);
  }
}

async function copyTable({ source, target }: Pair, table: MovedTable, step: Step): Promise<void> {
  for (let progress = await readProgress(target, table.name); !progress.isCopied;) {
    const before = progress;
    const page = await readPage(source, table, before.after);
    const last = page.at(-1);
    const next = { after: last ? keyOfRow(table, last) : before.after, isCopied: page.length < PAGE };
    await inTransaction(target, async (trx) => {
      await insertRows(trx, table, page);
      if (!(await noteProgress(trx, table.name, before, next))) throw twoMoves();
    });
    progress = next;
    await step(`copied ${table.name}`);
  }
}

/**
 * Compares the tables with their copies while nobody can write, copies again what has changed meanwhile, and drops
 * them. Gives how many rows each had.
 *
 * @throws config_invalid where a copy still differs, and what `assertMovable` throws; then nothing is dropped
 */
export async function dropCopied(
  { source, target }: Pair,
  { tables, others, step, assertMovable }: Dropping,
): Promise<Record<string, number>> {
  const moved = await Promise.all(tables.map((name) => describeMoved(source, target, name)));
  return holdTables(source, [...tables, ...others], async (trx) => {
    const counts: Record<string, number> = {};
    for (const table of moved) counts[table.name] = await compare({ source: trx, target }, table, step);
    if (tables.includes('reset_intents')) await assertMovable(trx);
    await setPhase(target, 'dropping');
    await step('compared');
    for (const name of [...tables, ...others]) {
      await trx.raw('drop table ??', [name]);
      await step(`dropped ${name}`);
    }
    return counts;
  });
}

/** Gives the number of rows, which are the same in both. */
async function compare(pair: { source: Knex; target: Db }, table: MovedTable, step: Step): Promise<number> {
  const { source, target } = pair;
  const old = await digestTable(source, table);
  if (isSame(old, await digestTable(target, table))) return old.rows;
  await inTransaction(target, async (trx) => {
    await trx(table.name).delete();
    await forgetProgress(trx, table.name);
  });
  await copyTable(pair, table, step);
  await continueCounter(target, table.name);
  if (isSame(old, await digestTable(target, table))) return old.rows;
  throw new ResetError(
    'config_invalid',
    `The copy of ${table.name} differs from the original, so nothing was dropped. Does the new database keep every character (UTF-8)?`,
    { details: { table: table.name } },
  );
}

const isSame = (one: { rows: number; sum: string }, other: { rows: number; sum: string }): boolean =>
  one.rows === other.rows && one.sum === other.sum;

const twoMoves = (): ResetError =>
  new ResetError('usage_invalid', 'Another process is moving the same tables. Let it finish.');
