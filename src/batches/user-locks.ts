import type { Knex } from 'knex';
import { arrayText } from '../db/among.ts';
import { dialectOf } from '../db/connect.ts';
import { unindexed } from '../db/unindexed.ts';

/** A user whose password breach mode has replaced, and with which hash. */
export interface UserLock {
  readonly userId: string;
  readonly encoded: string;
}

/** Rows written in one statement. */
const STEP = 500;

/** Store the last lock of each of these users. `now` in milliseconds. */
export async function rememberLocks(trx: Knex, locks: readonly UserLock[], now: number): Promise<void> {
  if (dialectOf(trx) === 'postgres') {
    await rememberAtOnce(trx, locks, now);
    return;
  }
  for (let from = 0; from < locks.length; from += STEP) {
    const rows = locks
      .slice(from, from + STEP)
      .map(({ userId, encoded }) => ({ user_id: userId, locked_at: now, encoded }));
    await trx('reset_locks').insert(rows).onConflict('user_id').merge();
  }
}

/** All of them in one statement of three parameters. A user has one row in here, so nobody may be named twice. */
async function rememberAtOnce(trx: Knex, locks: readonly UserLock[], now: number): Promise<void> {
  const last = new Map(locks.map(({ userId, encoded }) => [userId, encoded]));
  if (last.size === 0) return;
  const rows = trx
    .select('l.user_id', trx.raw('cast(? as bigint)', [now]), 'l.encoded')
    .from(
      trx.raw('unnest(cast(? as text[]), cast(? as text[])) as l(user_id, encoded)', [
        arrayText([...last.keys()]),
        arrayText([...last.values()]),
      ]),
    );
  await trx(trx.raw('"reset_locks" ("user_id", "locked_at", "encoded")'))
    .insert(rows)
    .onConflict('user_id')
    .merge(['locked_at', 'encoded']);
}

/** user id → the hash with which the user was locked last; at most a hundred or so users at a time. */
export async function lockedHashes(db: Knex, userIds: readonly string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = (await db('reset_locks')
    .select({ userId: 'user_id', encoded: 'encoded' })
    .whereIn('user_id', [...userIds])
    .whereNotNull('encoded')) as UserLock[];
  return new Map(rows.map(({ userId, encoded }) => [userId, encoded]));
}

/** The last lock of each of these users; `lockedAt` in milliseconds since the epoch. */
export async function lastLocks(
  db: Knex,
  userIds: readonly string[],
): Promise<Map<string, UserLock & { readonly lockedAt: number }>> {
  const rows = (await db('reset_locks')
    .select({ userId: 'user_id', encoded: 'encoded', lockedAt: 'locked_at' })
    .whereIn('user_id', [...userIds])
    .whereNotNull('encoded')) as (UserLock & { lockedAt: number | string })[];
  return new Map(rows.map((row) => [row.userId, { ...row, lockedAt: Number(row.lockedAt) }]));
}

/** A recipient who was locked before, with the hash from then. */
export interface LockedRow {
  readonly rowId: number;
  readonly userId: string;
  readonly encoded: string;
}

/** Recipients of a batch who were locked at or after this instant (milliseconds since the epoch), after this row. */
export async function lockedBefore(
  db: Knex,
  { batchId, since, after, limit }: { batchId: string; since: number; after: number; limit: number },
): Promise<LockedRow[]> {
  return (await db('reset_outbox as o')
    .join('reset_locks as l', 'l.user_id', 'o.user_id')
    .select({ rowId: 'o.id', userId: 'o.user_id', encoded: 'l.encoded' })
    .where(unindexed(db, 'o.batch_id'), '=', batchId)
    .andWhere('o.id', '>', after)
    .andWhere('l.locked_at', '>=', since)
    .whereNotNull('l.encoded')
    .andWhere(
      (or) =>
        void or.whereNull('o.reason').orWhereIn('o.reason', ['not_mailed', 'no_address', 'user_inactive']),
    )
    .orderBy('o.id')
    .limit(limit)) as LockedRow[];
}
