import type { Knex } from 'knex';
import { among } from '../db/among.ts';
import { unindexed } from '../db/unindexed.ts';
import type { Batch } from './batch.ts';
import { rowRange } from './row-range.ts';

/** Who keeps the password in breach mode: left out by the operator, without a password of ours, or changed already. */
const KEEP = [
  'excluded',
  'excepted',
  'protected',
  'user_refused',
  'changed_since',
  'changed_since_lock',
  'user_not_found',
  'duplicate',
  'line_mismatch',
];

export interface LockRow {
  readonly rowId: number;
  readonly userId: string;
}

/**
 * How many rows a statement looks at for each that it may give: right after planning, a database knows nothing about
 * them, and would sort all.
 */
const WINDOW = 2;

/**
 * The next users of a batch whose password is to be locked, after this row, without those who have set a new one
 * since it was planned.
 */
export async function nextToLock(
  db: Knex,
  { id: batchId, createdAt }: Pick<Batch, 'id' | 'createdAt'>,
  after: number,
  limit: number,
): Promise<LockRow[]> {
  let last: number | undefined;
  for (let from = after; from < (last ?? Infinity); from += limit * WINDOW) {
    const rows = (await toLock(db, batchId)
      .select({ rowId: 'id', userId: 'user_id' })
      .whereNull('locked_at')
      .whereNotExists(newPassword(db, createdAt))
      .andWhere('id', '>', from)
      .andWhere('id', '<=', from + limit * WINDOW)
      .orderBy('id')
      .limit(limit)) as LockRow[];
    if (rows.length > 0) return rows;
    last ??= (await rowRange(db, batchId)).last;
  }
  return [];
}

/** For rows whose new hash was read back. `now` in milliseconds. */
export async function markLocked(trx: Knex, rowIds: readonly number[], now: number): Promise<void> {
  await trx('reset_outbox')
    .where(among(trx, 'id', rowIds))
    .update({ locked_at: now });
}

/** People who have set a new password since the batch was planned, and so were not locked, get no mail either. */
export async function skipChanged(
  db: Knex,
  { id: batchId, createdAt }: Pick<Batch, 'id' | 'createdAt'>,
  now: number,
): Promise<void> {
  await db('reset_outbox')
    .where({ batch_id: batchId, state: 'queued' })
    .whereNull('locked_at')
    .whereExists(newPassword(db, createdAt))
    .update({ state: 'skipped', reason: 'changed_since', settled_at: now });
}

/** A link that the user of the row has used since this instant. */
const newPassword = (db: Knex, since: number): Knex.QueryBuilder =>
  db('reset_tokens as t')
    .select(db.raw('1'))
    .whereRaw('t.user_id = reset_outbox.user_id')
    .andWhere('t.state', 'used')
    .andWhere('t.settled_at', '>=', since);

/** Everybody whose password the batch replaces, or has replaced. */
export const toLock = (db: Knex, batchId: string): Knex.QueryBuilder =>
  db('reset_outbox')
    .where(unindexed(db, 'batch_id'), '=', batchId)
    .andWhere('user_id', '<>', '')
    .andWhere((or) => void or.whereNull('reason').orWhereNotIn('reason', KEEP));

/** When breach mode replaced the password of a user, and for which batch. */
export interface Lock {
  readonly at: number;
  readonly batchId: string;
  readonly actorName: string;
  readonly ticket: string | null;
}

/** The locks of one user, oldest first. */
export async function locksOf(db: Knex, userId: string): Promise<Lock[]> {
  const columns = { at: 'locked_at', batchId: 'batch_id', actorName: 'actor_name', ticket: 'ticket' };
  return (await db('reset_outbox')
    .select(columns)
    .where({ user_id: userId })
    .whereNotNull('locked_at')
    .orderBy('locked_at')) as Lock[];
}
