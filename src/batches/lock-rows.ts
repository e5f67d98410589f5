import type { Knex } from 'knex';

/** Who keeps the password in breach mode: left out by the operator, without a password of ours, or changed already. */
const KEEP = ['excluded', 'excepted', 'user_refused', 'changed_since', 'user_not_found', 'duplicate'];

export interface LockRow {
  readonly rowId: number;
  readonly userId: string;
}

/** The next users of a batch whose password is to be locked, after this row. */
export async function nextToLock(
  db: Knex,
  batchId: string,
  after: number,
  limit: number,
): Promise<LockRow[]> {
  return (await toLock(db, batchId)
    .select({ rowId: 'id', userId: 'user_id' })
    .whereNull('locked_at')
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit)) as LockRow[];
}

/** How many passwords a batch locks, or has locked. */
export async function countToLock(db: Knex, batchId: string): Promise<number> {
  const row = (await toLock(db, batchId).count({ count: '*' }).first()) as { count: number | string };
  return Number(row.count);
}

export async function markLocked(trx: Knex, rowIds: readonly number[], now: number): Promise<void> {
  await trx('reset_outbox')
    .whereIn('id', [...rowIds])
    .update({ locked_at: now });
}

const toLock = (db: Knex, batchId: string): Knex.QueryBuilder =>
  db('reset_outbox')
    .where({ batch_id: batchId })
    .andWhere('user_id', '<>', '')
    .andWhere((or) => void or.whereNull('reason').orWhereNotIn('reason', KEEP));
