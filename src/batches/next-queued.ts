import type { Knex } from 'knex';
import { unindexed } from '../db/unindexed.ts';
import type { LockRow } from './lock-rows.ts';

/** The next users of a batch who are to be mailed, after this row. */
export async function nextQueued(
  db: Knex,
  { id }: { readonly id: string },
  after: number,
  limit: number,
): Promise<LockRow[]> {
  return (await db('reset_outbox')
    .select({ rowId: 'id', userId: 'user_id' })
    .where(unindexed(db, 'batch_id'), '=', id)
    .andWhere({ state: 'queued' })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit)) as LockRow[];
}
