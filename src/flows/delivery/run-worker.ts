import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import type { Due } from './claim-messages.ts';
import { claimDue } from './claim-messages.ts';
import { exchangeMessages } from './exchange-messages.ts';
import { expireLeftovers } from './expire-leftovers.ts';
import { settleLeftovers } from '../both/settle-intents.ts';
import { isDatabaseAway } from './retry-while-away.ts';
import type { Pipeline } from './open-pipeline.ts';
import { openPipeline } from './open-pipeline.ts';
import type { Delivered } from './settle-messages.ts';
import { advanceBatches } from './advance-batches.ts';

export interface WorkerOptions {
  /** ends after the mails under way */
  readonly signal: AbortSignal;
  /** end when nothing is queued, delayed or claimed by anyone */
  readonly once?: boolean;
  /** only the mails of this batch; ends when it no longer runs */
  readonly batchId?: string;
  readonly onDelivered?: (delivered: Delivered) => void;
}

const POLL_MS = 1000;
/** A `send` gives up on a database that stays away; a worker never does. */
const PATIENCE_MS = 60_000;
const SWEEP_MS = 3_600_000;
const SETTLE_MS = 5000;

/** Deliver what is queued. Any number of workers may run. A database that goes away is waited for. */
export async function runWorker(app: App, options: WorkerOptions): Promise<void> {
  const isEndless = options.once !== true && options.batchId === undefined;
  const patienceMs = isEndless ? Number.POSITIVE_INFINITY : PATIENCE_MS;
  const { batchId, onDelivered } = options;
  let turn = 0;
  const claim = (limit: number, delivered: readonly Delivered[]): Promise<Due> => {
    const limits = { limit, batchId, turn: (turn += 1) };
    return delivered.length === 0 ? claimDue(app, limits) : exchangeMessages(app, delivered, limits);
  };
  const pipeline = openPipeline(app, { claim, onDelivered, patienceMs });
  let awaySince: number | undefined;
  const sweep = createSweep(app, options);
  const settle = createSettling(app);
  try {
    while (!options.signal.aborted && pipeline.fault() === undefined) {
      try {
        await sweep();
        await settle();
        if (!(await runTurn(app, pipeline, options))) break;
        awaySince = undefined;
      } catch (error) {
        const explained = explainError(error);
        if (!isDatabaseAway(explained)) throw explained;
        awaySince ??= app.clock.now();
        if (app.clock.now() - awaySince > patienceMs) throw explained;
        app.log.warn('database_unavailable', { message: explained.message });
        await pause(POLL_MS, options.signal);
      }
    }
  } finally {
    await pipeline.close();
  }
}

/** Once an hour, what nobody will ever send is given up; not by whoever follows one batch. */
function createSweep(app: App, { batchId }: WorkerOptions): () => Promise<void> {
  let sweepAt = app.clock.now();
  return async () => {
    if (batchId !== undefined || app.clock.now() < sweepAt) return;
    await expireLeftovers(app);
    sweepAt = app.clock.now() + SWEEP_MS;
  };
}

/** Every few seconds, what processes that died have left between the users' database and ours: a notice may be among it. */
function createSettling(app: App): () => Promise<void> {
  let dueAt = app.clock.now();
  return async () => {
    if (!app.isApart || app.clock.now() < dueAt) return;
    dueAt = app.clock.now() + SETTLE_MS;
    await settleLeftovers(app);
  };
}

/** Claim as much as there is room for, or wait for room or work; false when there is nothing left to do. */
async function runTurn(
  app: App,
  pipeline: Pipeline,
  { signal, once, batchId }: WorkerOptions,
): Promise<boolean> {
  const due = await pipeline.fill();
  if (due === undefined) {
    await pipeline.settled(POLL_MS);
    return true;
  }
  const { claimed, waitMs } = due;
  if (claimed.length > 0) return true;
  if (waitMs !== undefined) return pause(Math.min(waitMs, POLL_MS), signal);
  if (pipeline.held() > 0) {
    await pipeline.settled(POLL_MS / 10);
    return true;
  }
  const work = await advanceBatches(app, batchId);
  if (work.state === 'ended' || (work.state === 'idle' && once === true)) return false;
  const dueInMs = work.state === 'idle' ? POLL_MS : work.dueAt - app.clock.now();
  return pause(Math.min(Math.max(dueInMs, POLL_MS / 20), POLL_MS), signal);
}

async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return true;
}
