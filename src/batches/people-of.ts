import type { Knex } from 'knex';
import { unindexed } from '../db/unindexed.ts';
import type { Batch } from './batch.ts';
import { toLock } from './lock-rows.ts';

type Which = Pick<Batch, 'id' | 'isLocking'>;

/** The users of a batch, by `id`: those who are to get its mail, or whose password it locks. */
export const peopleOf = (db: Knex, batch: Which): Knex.QueryBuilder =>
  rowsOf(db, batch).select({ id: 'user_id' });

/** The same a page at a time, after this row. */
export async function nextPeople(
  db: Knex,
  batch: Which,
  after: number,
  limit: number,
): Promise<{ rowId: number; userId: string }[]> {
  const page = rowsOf(db, batch).select({ rowId: 'id', userId: 'user_id' });
  return (await page.andWhere('id', '>', after).orderBy('id').limit(limit)) as {
    rowId: number;
    userId: string;
  }[];
}

const rowsOf = (db: Knex, { id, isLocking }: Which): Knex.QueryBuilder =>
  isLocking
    ? toLock(db, id)
    : db('reset_outbox')
        .where(unindexed(db, 'batch_id'), '=', id)
        .andWhere('user_id', '<>', '')
        .andWhere('state', '<>', 'skipped');
