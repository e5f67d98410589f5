import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { detailsOf, isResetError, ResetError, Signal } from '../../errors.ts';
import { declareIntent, dropIntent, holdIntent, openIntents } from '../../intents/intent-store.ts';
import type { Intent, NewIntent } from '../../intents/intent-store.ts';
import { causeOf } from '../../log.ts';
import type { UsersStore, UsersTransaction } from '../../users/store/users-store.ts';
import { retryWhileAway } from '../delivery/retry-while-away.ts';
import type { Finish } from './look.ts';
import { isFound, settleIntent, type Settled } from './settle-intents.ts';

/** One thing that is done to the users and in our tables, or to neither. */
export interface Deed<W> {
  /** what the next process needs to finish it */
  readonly intent: () => Promise<NewIntent>;
  /** in our tables: takes what the write depends on; throws to give up */
  readonly claim: (ledger: Db) => Promise<void>;
  /** to the users: the write that decides; throws to give up */
  readonly write: (users: UsersTransaction) => Promise<W>;
  /** in our tables: whatever the write brings about */
  readonly finish: (ledger: Db, written: W) => Promise<void>;
  /** what others left that died over the same user: after this write, the hash no longer tells */
  readonly judge?: (other: Intent) => Promise<Finish | undefined>;
}

/** Somebody settled the intent before the write began. */
class Taken extends Signal {}

/** How often an intent is declared again that another process took for one left behind. */
const ATTEMPTS = 3;
/** How long to wait for a database that went away at the one moment that leaves the result uncertain. */
const DOUBT_MS = [250, 1000, 2000, 4000];

/**
 * Do it in one transaction, where one spans both. Apart, in one of each: ours takes the intent and the
 * claim, the users' write is made, what follows from it is written in ours, and then they are committed, the users'
 * first. A process that dies between the two commits leaves the intent, by which the next one finishes.
 *
 * @throws what the parts throw; database_unavailable with `details.isUncertain` when it is not known whether the write
 * took place
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
  /** what else was under way with this user before the write */
  others: readonly Intent[];
}

async function inTwo<W>(app: App, store: UsersStore, deed: Deed<W>): Promise<W> {
  const intent = await deed.intent();
  const now = app.clock.now();
  const id = await inTransaction(app.ledger, (trx) => declareIntent(trx, intent, now));
  const progress: Progress<W> = { isCommitted: false, others: [] };
  const { userId } = intent;
  try {
    await inTransaction(app.ledger, (ledger) => writeBoth(store, deed, { id, userId, ledger, progress }));
  } catch (error) {
    const explained = explainError(error);
    const isUncertain =
      isResetError(explained) && detailsOf(explained, 'database_unavailable').isUncertain === true;
    if (!progress.isCommitted && !isUncertain) {
      await dropIntent(app.ledger, id).catch(() => undefined); // whoever finds it sees that nothing was written
      throw error;
    }
    const settled = await settleNow(app, { id, kind: intent.kind, facts: intent.facts, createdAt: now });
    if (!progress.isCommitted && settled === 'unknown') throw explained;
    if (!progress.isCommitted && settled === 'unwritten') throw notWritten(explained);
  }
  if (!progress.prepared) throw new Taken();
  await settleOthers(app, deed, progress.others);
  return progress.prepared.value;
}

interface Attempt<W> {
  readonly id: string;
  readonly userId: string | undefined;
  readonly ledger: Db;
  readonly progress: Progress<W>;
}

async function writeBoth<W>(
  store: UsersStore,
  { claim, write, finish }: Deed<W>,
  { id, userId, ledger, progress }: Attempt<W>,
): Promise<void> {
  if (!(await holdIntent(ledger, id))) {
    if (progress.isCommitted) return; // finished by somebody else
    throw new Taken();
  }
  await claim(ledger);
  if (userId !== undefined && !progress.isCommitted)
    progress.others = (await openIntents(ledger, { userId })).filter((each) => each.id !== id);
  const complete = async (value: W): Promise<void> => {
    await finish(ledger, value);
    if (!(await dropIntent(ledger, id))) throw new Taken();
  };
  if (progress.isCommitted && progress.prepared) return complete(progress.prepared.value);
  await store.transaction(
    async (users) => {
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

/** Waits for those that are still alive, which have lost. Nothing here may make the write look as if it had failed. */
async function settleOthers<W>(app: App, { judge }: Deed<W>, others: readonly Intent[]): Promise<void> {
  try {
    if (judge) for (const other of others) await settleIntent(app, other, () => judge(other));
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
