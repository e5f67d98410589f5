import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { renewPlanning } from '../../batches/change-batch.ts';
import { nextToLock, skipChanged } from '../../batches/lock-rows.ts';
import type { LockRow } from '../../batches/lock-rows.ts';
import { rowRange } from '../../batches/row-range.ts';
import type { UserLock } from '../../batches/user-locks.ts';
import { dialectOf } from '../../db/connect.ts';
import { withOutcome } from '../../db/errors.ts';
import { isResetError, ResetError, Signal } from '../../errors.ts';
import { identifyFormat } from '../../passwords/find-format.ts';
import { createUnknownPassword } from '../../passwords/unknown-password.ts';
import type { User } from '../../types.ts';
import type { Ending, UsersTransaction } from '../../users/store/users-store.ts';
import { endingOf } from './lock-ends.ts';
import { inBoth } from '../both/in-both.ts';
import { settleIntents, settleLeftovers } from '../both/settle-intents.ts';
import { hashNewPassword } from '../passwords/hash-new-password.ts';
import { finishLock, lockFacts } from './finish-lock.ts';
import { oneAhead } from '../../values/one-ahead.ts';
import { sideBySide } from '../../values/side-by-side.ts';
import { programName } from '../../values/program-name.ts';

/** Users locked in one transaction. */
const STEP = 2000;

export interface LockProgress {
  readonly locked: number;
  readonly sessionsEnded: number;
}

export interface LockOptions {
  /** stops after the current step */
  readonly signal: AbortSignal;
  readonly onLocked: (progress: LockProgress) => void;
}

/**
 * Breach mode: replace every chosen user's password with one nobody knows, a few thousand users per transaction, and
 * end their sessions. The stored hash keeps its format, so that the application sees a wrong password and no error.
 * Passwords that were locked before a crash are not locked again, nor are those of people who have used a link since the
 * batch was planned: they have a new password by now. False: it was asked to stop, or the batch was cancelled meanwhile.
 *
 * @throws config_invalid when a hash that was written is not what is stored: nobody has been mailed then
 */
export async function lockBatch(app: App, batch: Batch, { signal, onLocked }: LockOptions): Promise<boolean> {
  const hashFor = await createLocks(app);
  const end = await endingOf(app, batch);
  const total = { locked: 0, sessionsEnded: 0 };
  await settleLeftovers(app); // after the lock, a hash no longer tells whether a reset was written
  await settleIntents(app, { batchId: batch.id });
  // The next people are read while these are locked.
  const pages = untilAborted(oneAhead(lockablePages(app, batch)), signal);
  let before: Promise<unknown> = Promise.resolve();
  const lock = (lockable: readonly Lockable[]) => {
    const step = lockPeople(app, batch, lockable, { hashFor, end, before });
    before = step;
    return step;
  };
  for await (const step of sideBySide(pages, widthFor(app), lock)) {
    if (!step) return false;
    total.locked += step.locked;
    total.sessionsEnded += step.sessionsEnded;
    onLocked(total);
  }
  if (signal.aborted) return false;
  await skipChanged(app.ledger, batch, app.clock.now());
  return true;
}

/**
 * Steps at a time: on PostgreSQL, one writes the users' rows while the one before it writes ours. SQLite has one connection,
 * and MySQL locks the gaps between rows, so that two would meet there.
 */
const widthFor = ({ ledger, isApart }: App): number => (dialectOf(ledger) === 'postgres' && !isApart ? 2 : 1);

async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const value of source) {
    if (signal.aborted) return;
    yield value;
  }
}

/** How many passwords `lockBatch` would lock now: the same rows, the same users. */
export async function countLocks(app: App, batch: Batch): Promise<number> {
  let count = 0;
  for await (const lockable of oneAhead(lockablePages(app, batch))) count += lockable.length;
  return count;
}

/**
 * Everybody whose password a batch replaces and who has one, in pages.
 *
 * @throws config_invalid for users who are there and cannot be read by their id
 */
export async function* lockablePages(
  app: App,
  batch: Batch,
): AsyncGenerator<readonly Lockable[], void, undefined> {
  for (let after = (await rowRange(app.ledger, batch.id)).before; ;) {
    const rows = await nextToLock(app.ledger, batch, after, STEP);
    const last = rows.at(-1);
    if (!last) return;
    yield await readLockable(app, rows);
    after = last.rowId;
  }
}

/** A row of the ledger and its user, who has a password. */
export interface Lockable {
  readonly rowId: number;
  readonly user: User;
}

async function readLockable(app: App, rows: readonly LockRow[]): Promise<Lockable[]> {
  const store = await app.users();
  const users = await store.get(rows.map(({ userId }) => userId));
  const missing = rows.filter(({ userId }) => !users.has(userId)).map(({ userId }) => userId);
  const hidden = await store.findHidden(missing);
  if (hidden.length > 0) throw unreadable(hidden, store.description.places.users);
  return rows.flatMap(({ rowId, userId }) => {
    const user = users.get(userId);
    return user && hasPassword(user) ? [{ rowId, user }] : [];
  });
}

const unreadable = (ids: readonly string[], table: string): ResetError =>
  new ResetError(
    'config_invalid',
    `${ids.length} users are in the table ${table} but cannot be read by their id (for example ${ids[0] ?? ''}), so their passwords cannot be locked. Check users.id with: ${programName} doctor`,
    { details: { ids } },
  );

/** Gives the hash at once, if it is there. */
type HashFor = (user: User) => string | Promise<string>;

interface HowToLock {
  readonly hashFor: HashFor;
  /** what ends with the password */
  readonly end: Ending;
  /** the step before, which has our tables first; if it fails, so does this one */
  readonly before: Promise<unknown>;
}

class Cancelled extends Signal {}

/** Undefined, and nothing written, when the batch was cancelled. */
async function lockPeople(
  app: App,
  batch: Batch,
  lockable: readonly Lockable[],
  { hashFor, end, before }: HowToLock,
): Promise<LockProgress | undefined> {
  const users = lockable.map(({ user }) => user);
  const byHash = await groupByHash(users, hashFor); // hashing is slow: before the transaction
  const facts = lockFacts(batch, lockable, byHash.keys());
  const now = app.clock.now();
  try {
    const { sessionsEnded } = await inBoth(app, {
      intent: () => Promise.resolve({ kind: 'lock', batchId: batch.id, facts }),
      claim: async (ledger) => {
        await before.catch(() => {
          throw new Cancelled('The step before failed.');
        });
        if (!(await renewPlanning(ledger, batch.id, now))) throw new Cancelled('The batch was cancelled.');
      },
      write: async (store) => {
        const locks: UserLock[] = [];
        for (const [encoded, group] of byHash) {
          await store.lock(group, encoded);
          locks.push(...(await readLocks(store, group)));
        }
        return { locks, sessionsEnded: await end(store, users, now) };
      },
      finish: (ledger, done) => finishLock(ledger, facts, done.locks, now, done.sessionsEnded),
    });
    return { locked: users.length, sessionsEnded };
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw isResetError(error) ? withOutcome(error, await stoppedAt(app, batch)) : error;
  }
}

/** The hash that these users have now, as read back: a different one later means a new password. */
export async function readLocks(store: UsersTransaction, group: readonly User[]): Promise<UserLock[]> {
  const [first] = group;
  if (!first) return [];
  const encoded = (await store.get([first.id])).get(first.id)?.encoded ?? '';
  return group.map(({ id }) => ({ userId: id, encoded }));
}

/** What is true after a step that failed. */
async function stoppedAt(app: App, { id }: Batch): Promise<string> {
  const { irrevocable } = (await app.users()).description;
  const left =
    irrevocable === undefined
      ? ''
      : ` Because ${irrevocable} cannot be rolled back, passwords of this step may be locked, too.`;
  return `Nobody was mailed.${left} Run the same command again to continue; ${programName} batch show ${id} says how many passwords are locked.`;
}

/** Nobody can sign in without a password: there is nothing to lock. */
export const hasPassword = (user: User): boolean => user.encoded !== null && user.encoded !== '';

async function groupByHash(users: readonly User[], hashFor: HashFor): Promise<Map<string, User[]>> {
  const groups = new Map<string, User[]>();
  for (const user of users) {
    const made = hashFor(user);
    const encoded = typeof made === 'string' ? made : await made;
    const group = groups.get(encoded);
    if (group) group.push(user);
    else groups.set(encoded, [user]);
  }
  return groups;
}

/** For each format with its parameters the hash of one password, which is thrown away. */
export async function createLocks(app: App): Promise<HashFor> {
  const secret = createUnknownPassword();
  const { hashFormat } = (await app.users()).passwords;
  const locks = new Map<string, string | Promise<string>>();
  return (user) => {
    const row = user.encoded ?? '';
    const kind = JSON.stringify(identifyFormat(row, hashFormat ?? undefined)?.summary(row) ?? null);
    const known = locks.get(kind);
    if (known !== undefined) return known;
    const made = hashNewPassword(app, user, secret).then(({ encoded }) => {
      locks.set(kind, encoded);
      return encoded;
    });
    locks.set(kind, made);
    return made;
  };
}
