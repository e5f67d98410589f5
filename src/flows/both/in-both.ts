import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { detailsOf, isResetError, ResetError } from '../../errors.ts';
import { declareIntent, dropIntent, holdIntent, openIntents } from '../../intents/intent-store.ts';
import type { Intent, NewIntent } from '../../intents/intent-store.ts';
import { causeOf } from '../../log.ts';
import type { User } from '../../types.ts';
import type { UsersStore, UsersTransaction } from '../../users/store/users-store.ts';
import { retryWhileAway } from '../delivery/retry-while-away.ts';
import { Taken, type Finish } from './look.ts';
import { isFound, lookFor, settleIntent, type Settled } from './settle-intents.ts';

/** One thing that is done to the users and in our tables, or to neither. */
export interface Deed<W> {
  /** whose row it is about, where it is about one */
  readonly user?: User;
  /** what the next process needs to finish it */
  readonly intent: () => Promise<NewIntent>;
  /** in our tables: takes what the write depends on; throws to give up */
  readonly claim: (ledger: Db) => Promise<void>;
  /** to the users: the write that decides; throws to give up */
  readonly write: (users: UsersTransaction) => Promise<W>;
  /** in our tables: whatever the write brings about */
  readonly finish: (ledger: Db, written: W) => Promise<void>;
}

/** How often an intent is declared again that another process took for one left behind. */
const ATTEMPTS = 3;
/** How long to wait for a database that went away at the one moment that leaves the result uncertain. */
const DOUBT_MS = [250, 1000, 2000, 4000];

/**
 * Do it in one transaction, where one spans both. Apart, in one of each: ours takes the intent and the claim, the users'
 * write is made, what follows is written in ours, and then they are committed, the users' first. A process that dies between the two commits leaves the intent, by which the next one finishes.
 *
 * @throws what the parts throw; database_unavailable, with `details.isUncertain` where nobody knows if it was written
 */
export async function inBoth<W>(app: App, deed: Deed<W>): Promise<W> {
  const store = await app.users();
  const { irrevocable } = store.description;
  if (!store.isApart) return inOne(app, store, deed);
  if (irrevocable !== undefined)
    throw new ResetError(
      'config_invalid',
      `With a ledger of its own, reset needs tables that can be rolled back, and ${irrevocable} cannot. Nothing was changed. Convert the tables (engine=InnoDB), or leave out "ledger".`,
    );
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTwo(app, store, deed);
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
      if (attempt === ATTEMPTS)
        throw new ResetError(
          'database_unavailable',
          'Other processes kept this one from writing. Nothing was changed. Try again.',
        );
    }
  }
}

/**
 * Where everything can be rolled back, the write is the claim. Where the users' tables cannot, everything that can comes
 * first.
 */
function inOne<W>(app: App, store: UsersStore, { claim, write, finish }: Deed<W>): Promise<W> {
  const isUndoable = store.description.irrevocable === undefined;
  return inTransaction(
    app.ledger,
    async (trx) => {
      if (!isUndoable) await claim(trx);
      const written = await write(store.within(trx));
      if (isUndoable) await claim(trx);
      await finish(trx, written);
      return written;
    },
    { isUndoable },
  );
}

/** What is known of a write: prepared before the COMMIT, committed after its answer. */
interface Progress<W> {
  prepared?: { readonly value: W };
  isCommitted: boolean;
  /** what else was under way with this user, as it looked before this write: afterwards nothing tells any more */
  others: readonly Judged[];
}

interface Judged {
  readonly other: Intent;
  readonly finish: Finish | undefined;
}

async function inTwo<W>(app: App, store: UsersStore, deed: Deed<W>): Promise<W> {
  const intent = await deed.intent();
  const now = app.clock.now();
  const id = await inTransaction(app.ledger, (trx) => declareIntent(trx, intent, now)).catch(
    (error: unknown) => {
      throw isUncertain(error) ? notWritten(error) : error; // whoever finds it sees that nothing was written
    },
  );
  const progress: Progress<W> = { isCommitted: false, others: [] };
  try {
    await inTransaction(app.ledger, (ledger) => writeBoth(app, store, deed, { id, ledger, progress }));
  } catch (error) {
    const explained = explainError(error);
    if (!progress.isCommitted && !isUncertain(explained)) {
      await dropIntent(app.ledger, id).catch(() => undefined); // whoever finds it sees that nothing was written
      throw error;
    }
    const settled = await settleNow(app, { id, kind: intent.kind, facts: intent.facts, createdAt: now });
    if (!progress.isCommitted && settled === 'unknown') throw explained;
    if (!progress.isCommitted && settled === 'unwritten') throw notWritten(explained);
  }
  if (!progress.prepared) throw new Taken();
  await settleOthers(app, progress.others);
  return progress.prepared.value;
}

const isUncertain = (error: unknown): boolean =>
  isResetError(error) && detailsOf(error, 'database_unavailable').isUncertain === true;

interface Attempt<W> {
  readonly id: string;
  readonly ledger: Db;
  readonly progress: Progress<W>;
}

async function writeBoth<W>(
  app: App,
  store: UsersStore,
  { user, claim, write, finish }: Deed<W>,
  { id, ledger, progress }: Attempt<W>,
): Promise<void> {
  if (!(await holdIntent(ledger, id))) {
    if (progress.isCommitted) return; // finished by somebody else
    throw new Taken();
  }
  await claim(ledger);
  const complete = async (value: W): Promise<void> => {
    await finish(ledger, value);
    if (!(await dropIntent(ledger, id))) throw new Taken();
  };
  if (progress.isCommitted && progress.prepared) return complete(progress.prepared.value);
  const open = user ? await openIntents(ledger, { userId: user.id }) : [];
  const others = open.filter((each) => each.id !== id);
  await store.transaction(
    async (users) => {
      if (user) progress.others = await judgeOthers(app, users, user, others);
      const value = await write(users);
      // Ours is still under way when these succeed, so nobody has taken the intent and looked in vain.
      await complete(value);
      progress.prepared = { value };
    },
    { isOnce: true },
  );
  progress.isCommitted = true;
}

/** After a failure between the two COMMITs. What cannot be settled now is left to the next process. */
async function settleNow(app: App, intent: Intent): Promise<Exclude<Settled, 'gone'> | 'unknown'> {
  try {
    const settled = await retryWhileAway(() => settleIntent(app, intent), DOUBT_MS);
    return settled === 'gone' ? ((await isFound(app, intent)) ? 'written' : 'unwritten') : settled;
  } catch (error) {
    app.log.warn('leftovers_kept', { cause: causeOf(error) });
    return 'unknown';
  }
}

/** Holds the user's row, so that what is seen of the others is what they left, whether they live or not. */
async function judgeOthers(
  app: App,
  users: UsersTransaction,
  user: User,
  others: readonly Intent[],
): Promise<readonly Judged[]> {
  if (others.length === 0) return [];
  await users.hold(user);
  const judged: Judged[] = [];
  for (const other of others) judged.push({ other, finish: await lookFor(app, other, users) });
  return judged;
}

/** Waits for those that are still alive, which have lost. Nothing here may make the write look as if it had failed. */
async function settleOthers(app: App, others: readonly Judged[]): Promise<void> {
  try {
    for (const { other, finish } of others) await settleIntent(app, other, () => Promise.resolve(finish));
  } catch (error) {
    app.log.warn('leftovers_kept', { cause: causeOf(error) });
  }
}

const notWritten = (cause: unknown): ResetError =>
  new ResetError(
    'database_unavailable',
    'The connection to the database was lost before the change was written. Nothing was changed. Try again.',
    { cause },
  );
