import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { actorOf, type Batch } from '../../batches/batch.ts';
import { markLocked } from '../../batches/lock-rows.ts';
import { rememberLocks, type UserLock } from '../../batches/user-locks.ts';
import type { Db } from '../../db/connect.ts';
import type { Intent } from '../../intents/intent-store.ts';
import type { Actor } from '../../types.ts';
import type { UsersReader } from '../../users/store/users-store.ts';
import type { Finish } from '../both/look.ts';
import { readSettledUsers } from '../both/users-side.ts';

/** All that our tables get to know of one step of a lock. */
export interface LockFacts {
  readonly batchId: string;
  readonly actor: Actor;
  /** what ended besides, see Batch */
  readonly ends: string | null;
  /** row of the batch and user */
  readonly rows: readonly (readonly [number, string])[];
  /** hashes of random secrets that were thrown away, by which the write is recognised */
  readonly hashes: readonly string[];
}

export const lockFacts = (
  batch: Batch,
  lockable: readonly { readonly rowId: number; readonly user: { readonly id: string } }[],
  hashes: Iterable<string>,
): LockFacts => ({
  batchId: batch.id,
  actor: actorOf(batch),
  ends: batch.ends,
  rows: lockable.map(({ rowId, user }) => [rowId, user.id] as const),
  hashes: [...hashes],
});

/** Locks, rows and audit. `sessionsEnded` is undefined where nobody counted them. */
export async function finishLock(
  ledger: Db,
  { batchId, actor, ends, rows }: Omit<LockFacts, 'hashes'>,
  locks: readonly UserLock[],
  now: number,
  sessionsEnded?: number,
): Promise<void> {
  const rowIds = rows.map(([rowId]) => rowId);
  await rememberLocks(ledger, locks, now);
  await markLocked(ledger, rowIds, now);
  await record(ledger, now, {
    event: 'operator_action',
    result: 'users_locked',
    actor,
    batchId,
    details: {
      users: rowIds.length,
      ...(sessionsEnded === undefined ? {} : { sessionsEnded }),
      ...(ends === null || ends === '' ? {} : { ends }),
      firstRow: rowIds[0],
      lastRow: rowIds.at(-1),
    },
  });
}

/** For a process that died: one step locks all of its users or none, so one hash says it. */
export async function lookForLock(
  app: App,
  { facts, createdAt }: Intent,
  held?: UsersReader,
): Promise<Finish | undefined> {
  const lock = facts as LockFacts;
  const written = new Set(lock.hashes);
  const users = await readSettledUsers(
    app,
    lock.rows.map(([, userId]) => userId),
    held,
  );
  const locks = [...users.values()].flatMap(({ id, encoded }) =>
    encoded !== null && written.has(encoded) ? [{ userId: id, encoded }] : [],
  );
  if (locks.length === 0) return undefined;
  return (ledger) => finishLock(ledger, lock, locks, createdAt);
}
