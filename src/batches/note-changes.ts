import type { Knex } from 'knex';
import { unindexed } from '../db/unindexed.ts';
import type { Batch } from './batch.ts';
import { usedSince } from './count-outcomes.ts';

/** Users looked up in one statement. */
const STEP = 500;

/**
 * People who set a new password with a link while the batch was planned: their rows were not there yet. The audit has
 * an index by time, and says each of them in the transaction of the new password.
 */
export async function noteChanges(
  db: Knex,
  { id, createdAt }: Pick<Batch, 'id' | 'createdAt'>,
): Promise<void> {
  const userIds = await db('reset_audit')
    .distinct('user_id')
    .where({ event: 'password_changed' })
    .andWhere('at', '>=', createdAt)
    .whereNotNull('user_id')
    .pluck<string[]>('user_id');
  for (let from = 0; from < userIds.length; from += STEP) {
    const used = (await usedSince(db, createdAt).whereIn('user_id', userIds.slice(from, from + STEP))) as {
      user_id: string;
      at: number | string;
    }[];
    for (const { user_id, at } of used)
      await db('reset_outbox')
        .where({ user_id })
        .andWhere(unindexed(db, 'batch_id'), '=', id)
        .whereNull('changed_at')
        .update({ changed_at: Number(at) });
  }
}
