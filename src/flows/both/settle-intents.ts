import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import { inTransaction } from '../../db/transaction.ts';
import { dropIntent, holdIntent, openIntents } from '../../intents/intent-store.ts';
import type { Intent, IntentKind, IntentScope } from '../../intents/intent-store.ts';
import { isResetError } from '../../errors.ts';
import { causeOf } from '../../log.ts';
import { lookForChange } from '../access/finish-change.ts';
import { lookForRequired } from '../access/finish-require.ts';
import { lookForLock } from '../batch/finish-lock.ts';
import { isDatabaseAway } from '../delivery/retry-while-away.ts';
import { lookForReset } from '../links/finish-reset.ts';
import type { Look } from './look.ts';

const LOOKS: Readonly<Record<IntentKind, Look>> = {
  reset: lookForReset,
  lock: lookForLock,
  access: lookForChange,
  require: lookForRequired,
};

export const lookFor: Look = (app, intent, held) => LOOKS[intent.kind](app, intent, held);

/** gone: somebody else has settled it. */
export type Settled = 'written' | 'unwritten' | 'gone';

/**
 * Finish what a process left between its write in the users' database and those in ours. Waits for a process that is
 * still at it.
 */
export async function settleIntent(app: App, intent: Intent, look: Look = lookFor): Promise<Settled> {
  return inTransaction(app.ledger, async (ledger) => {
    if (!(await holdIntent(ledger, intent.id))) return 'gone';
    // Whoever wrote it held the intent until it was committed, so what cannot be seen now will not come any more.
    const finish = await look(app, intent);
    await finish?.(ledger);
    await dropIntent(ledger, intent.id);
    return finish ? 'written' : 'unwritten';
  });
}

/** Is the write there? Changes nothing. */
export const isFound = async (app: App, intent: Intent): Promise<boolean> =>
  (await lookFor(app, intent)) !== undefined;

/** All of them in this scope; gives how many there were. Nothing to do where no second database is. */
export async function settleIntents(app: App, scope: IntentScope): Promise<number> {
  if (!app.isApart) return 0;
  const intents = await openIntents(app.ledger, scope);
  for (const intent of intents) await settleIntent(app, intent);
  return intents.length;
}

/**
 * Look again, if somebody was in the middle of changing this user's password: seen between the two writes, a link looks
 * revoked that was used.
 */
export async function afterSettling<T>(
  app: App,
  userId: string,
  look: (isAgain: boolean) => T | Promise<T>,
): Promise<T> {
  try {
    return await look(false);
  } catch (error) {
    if (!isResetError(error) || (await settleIntents(app, { userId })) === 0) throw error;
    return look(true);
  }
}

/** A process that lives longer than this between its two writes is waited for all the same. */
const LEFT_AFTER_MS = 10_000;

/**
 * What processes that died have left. Never throws: whoever comes next tries again. One that cannot be settled does not
 * keep the others back.
 */
export async function settleLeftovers(app: App): Promise<void> {
  if (!app.isApart) return;
  let count = 0;
  try {
    const left = { createdBefore: app.clock.now() - LEFT_AFTER_MS };
    for (const intent of await openIntents(app.ledger, left)) if (await isSettled(app, intent)) count += 1;
  } catch (error) {
    warnOfKept(app, error);
  }
  if (count > 0) app.log.warn('leftovers_settled', { count });
}

/** False, with a line in the log, where this one cannot be settled now. Throws when a database is away. */
async function isSettled(app: App, intent: Intent): Promise<boolean> {
  try {
    await settleIntent(app, intent);
    return true;
  } catch (error) {
    if (isDatabaseAway(explainError(error))) throw error;
    warnOfKept(app, error);
    return false;
  }
}

const warnOfKept = (app: App, error: unknown): void => {
  app.log.warn('leftovers_kept', { cause: causeOf(explainError(error)) });
};
