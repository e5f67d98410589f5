import { randomBytes } from 'node:crypto';
import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Batch } from '../../batches/batch.ts';
import { actorOf } from '../../batches/batch.ts';
import { renewPlanning } from '../../batches/change-batch.ts';
import { markLocked, nextToLock, skipChanged } from '../../batches/lock-rows.ts';
import type { LockRow } from '../../batches/lock-rows.ts';
import { inTransaction } from '../../db/transaction.ts';
import { identifyFormat } from '../../passwords/find-format.ts';
import type { User } from '../../types.ts';
import { getUsers } from '../../users/reading/find-user.ts';
import { endSessions, lockUsers } from '../../users/writing/lock-users.ts';
import { hashNewPassword } from '../passwords/hash-new-password.ts';

/** Users locked in one transaction. */
const STEP = 2000;

export interface LockProgress {
  readonly locked: number;
  readonly sessionsEnded: number;
}

export interface LockOptions {
  /** stops after the step under way */
  readonly signal: AbortSignal;
  readonly onLocked: (progress: LockProgress) => void;
}

/**
 * Breach mode: replace every chosen user's password by one that nobody knows, some thousand users a transaction, and
 * end their sessions. The stored hash keeps its format, so that the application sees a wrong password and no error.
 * What was locked before a crash is not locked again, nor is who has used a link since the batch was planned: those
 * people have a new password by now. False: it was told to stop, or the batch was cancelled meanwhile.
 */
export async function lockBatch(app: App, batch: Batch, { signal, onLocked }: LockOptions): Promise<boolean> {
  const hashFor = createLocks(app);
  const total = { locked: 0, sessionsEnded: 0 };
  for (let after = 0; !signal.aborted;) {
    const rows = await nextToLock(app.db, batch, after, STEP);
    const last = rows.at(-1);
    if (!last) {
      await skipChanged(app.db, batch, app.clock.now());
      return true;
    }
    const step = await lockRows(app, batch, rows, hashFor);
    if (!step) return false;
    total.locked += step.locked;
    total.sessionsEnded += step.sessionsEnded;
    after = last.rowId;
    onLocked(total);
  }
  return false;
}

/** Undefined, and nothing written, when the batch was cancelled. */
async function lockRows(
  app: App,
  batch: Batch,
  rows: readonly LockRow[],
  hashFor: (user: User) => Promise<string>,
): Promise<LockProgress | undefined> {
  const mapping = await app.mapping();
  const ids = rows.map(({ userId }) => userId);
  const users = [...(await getUsers(app.db, mapping, ids)).values()].filter(hasPassword);
  const byHash = await groupByHash(users, hashFor); // hashing is slow: before the transaction
  return inTransaction(app.db, async (trx) => {
    const now = app.clock.now();
    if (!(await renewPlanning(trx, batch.id, now))) return undefined;
    for (const [encoded, group] of byHash) await lockUsers(trx, mapping, group, encoded);
    const sessionsEnded = await endSessions(trx, mapping, users, now);
    const rowIds = rows.map(({ rowId }) => rowId);
    await markLocked(trx, rowIds, now);
    await record(trx, now, {
      event: 'operator_action',
      result: 'users_locked',
      actor: actorOf(batch),
      batchId: batch.id,
      details: { users: users.length, sessionsEnded, firstRow: rowIds[0], lastRow: rowIds.at(-1) },
    });
    return { locked: users.length, sessionsEnded };
  });
}

/** Nobody can sign in without a password: there is nothing to lock. */
const hasPassword = (user: User): boolean => user.encoded !== null && user.encoded !== '';

async function groupByHash(
  users: readonly User[],
  hashFor: (user: User) => Promise<string>,
): Promise<Map<string, User[]>> {
  const groups = new Map<string, User[]>();
  for (const user of users) {
    const encoded = await hashFor(user);
    const group = groups.get(encoded);
    if (group) group.push(user);
    else groups.set(encoded, [user]);
  }
  return groups;
}

/** For each format with its parameters the hash of one random secret, which is thrown away: 256 bits. */
function createLocks(app: App): (user: User) => Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const locks = new Map<string, string>();
  return async (user) => {
    const { hashFormat } = await app.mapping();
    const row = user.encoded ?? '';
    const kind = JSON.stringify(identifyFormat(row, hashFormat ?? undefined)?.summary(row) ?? null);
    const known = locks.get(kind);
    if (known !== undefined) return known;
    const { encoded } = await hashNewPassword(app, user, secret);
    locks.set(kind, encoded);
    return encoded;
  };
}
