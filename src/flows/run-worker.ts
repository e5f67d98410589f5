import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../app.ts';
import { explainError } from '../app.ts';
import { isResetError } from '../errors.ts';
import { LEASE_MS, releaseClaims, renewLeases } from '../outbox/claim.ts';
import { nextDue } from '../outbox/find-messages.ts';
import type { Claimed } from './claim-messages.ts';
import { claimMessages } from './claim-messages.ts';
import { deliverMessage } from './deliver-message.ts';
import type { Delivered } from './settle-messages.ts';
import { settleMessages } from './settle-messages.ts';

export interface WorkerOptions {
  /** ends after the mails under way */
  readonly signal: AbortSignal;
  /** end when nothing is queued, delayed or claimed by anyone */
  readonly once?: boolean;
  readonly onDelivered?: (delivered: Delivered) => void;
}

/** Mails that one worker holds at a time: so many may be repeated when it is killed. */
const MAX_CLAIMED = 100;
const POLL_MS = 1000;
const RENEW_MS = LEASE_MS / 3;

/** Deliver what is queued. Any number of workers may run. A database that goes away is waited for, unless `once`. */
export async function runWorker(app: App, options: WorkerOptions): Promise<void> {
  const renewal = setInterval(() => {
    renewLeases(app.db, app.worker, app.clock.now()).catch((error: unknown) => {
      app.log.warn('lease_not_renewed', { cause: String(error) });
    });
  }, RENEW_MS);
  try {
    while (!options.signal.aborted && (await runRound(app, options))) {
      // the round says when to stop
    }
  } finally {
    clearInterval(renewal);
  }
}

/** Deliver one claim, or wait for work; false when there is nothing left to do. */
async function runRound(app: App, options: WorkerOptions): Promise<boolean> {
  try {
    const due = await nextDue(app.db);
    const waitMs = due === undefined ? POLL_MS : Math.min(Math.max(due - app.clock.now(), 0), POLL_MS);
    if (due === undefined && options.once === true) return false;
    if (waitMs > 0) return await pause(waitMs, options.signal);
    const claimed = await claimMessages(app, { limit: MAX_CLAIMED });
    if (claimed.length === 0) return await pause(POLL_MS / 10, options.signal);
    await deliverAll(app, claimed, options);
    return true;
  } catch (error) {
    const explained = explainError(error);
    if (options.once === true || !isResetError(explained) || explained.code !== 'database_unavailable')
      throw explained;
    app.log.warn('database_unavailable', { message: explained.message });
    return pause(POLL_MS, options.signal);
  }
}

/** As many at a time as there are connections to the mail server; each is settled as soon as its fate is known. */
async function deliverAll(
  app: App,
  claimed: readonly Claimed[],
  { signal, onDelivered }: WorkerOptions,
): Promise<void> {
  const queue = [...claimed];
  const take = () => (signal.aborted ? undefined : queue.shift());
  const lane = async () => {
    for (let next = take(); next !== undefined; next = take()) {
      const delivered = { message: next.message, outcome: await deliverMessage(app, next) };
      await settleMessages(app, [delivered]);
      onDelivered?.(delivered);
    }
  };
  await Promise.all(Array.from({ length: app.config.mail.connections }, lane));
  const left = queue.map(({ message }) => message.id);
  await releaseClaims(app.db, app.worker, left, app.clock.now());
}

async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return true;
}
