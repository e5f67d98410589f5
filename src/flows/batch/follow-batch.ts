import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Batch } from '../../batches/batch.ts';
import { pauseBatch, rerouteBatch } from '../../batches/change-batch.ts';
import type { Counts } from '../../batches/count-rows.ts';
import { countBatch, groupOutcomes, type OutcomeGroup, type Outcomes } from '../../batches/count-outcomes.ts';
import type { OutcomeScope } from '../../batches/outcome-rank.ts';
import { countRows } from '../../batches/count-rows.ts';
import { remindersOf } from '../../batches/reminders.ts';
import { giveUpLapsed, requeueLapsed } from '../../outbox/claim.ts';
import { requireBatch } from './plan-batch.ts';
import { runWorker } from '../delivery/run-worker.ts';
import { advanceBatches } from '../delivery/advance-batches.ts';

export type { OutcomeGroup, Outcomes } from '../../batches/count-outcomes.ts';

/** The progress of a batch. */
export interface BatchStatus {
  readonly batch: Batch;
  readonly counts: Counts;
}

/** The progress, and the outcome for its people so far. */
export interface BatchOverview extends BatchStatus {
  readonly outcomes: Outcomes;
  /** its reminders that were started, in their order */
  readonly reminders: readonly BatchStatus[];
}

export interface FollowOptions {
  /** the first Ctrl-C pauses the batch */
  readonly signal: AbortSignal;
  /** it is paused now, for every process; the mails in transit are still awaited */
  readonly onPaused?: () => void;
  /** now and then, for a progress bar */
  readonly onProgress: (counts: Counts) => void;
}

const PROGRESS_MS = 1000;
const COST = 20;

/**
 * Deliver a batch from this process, beside any workers, until every recipient is settled or the batch pauses. An
 * interruption pauses it for all workers.
 */
export async function followBatch(
  app: App,
  id: string,
  { signal, onPaused, onProgress }: FollowOptions,
): Promise<BatchOverview> {
  const ending = new AbortController();
  await takeOn(app, id);
  const progress = watchCounts(app, id, onProgress, ending.signal);
  const pausing = pauseWhenAborted(app, id, signal, onPaused);
  try {
    await runWorker(app, { signal, batchId: id });
  } finally {
    ending.abort();
    await progress;
    pausing.release();
  }
  if (signal.aborted) {
    await pausing.done();
    await pause(app, id);
  } else await advanceBatches(app, id);
  const status = await showBatch(app, id);
  onProgress(status.counts);
  return status;
}

/** Following a batch means delivering it through this mail server, whatever server it waited for before. */
async function takeOn(app: App, id: string): Promise<void> {
  const { route } = await requireBatch(app, id);
  if (!app.route.takes.includes(route)) await rerouteBatch(app.ledger, id, app.route.stamp);
}

/** Counting a million rows takes its time: it may cost a twentieth of the delivery's, and no more. */
async function watchCounts(
  app: App,
  id: string,
  onProgress: FollowOptions['onProgress'],
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = PROGRESS_MS; !signal.aborted;) {
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    const startedAt = app.clock.now();
    await countRows(app.ledger, id, app.clock.now()).then(onProgress, () => undefined); // the next one is enough
    waitMs = Math.max(PROGRESS_MS, COST * (app.clock.now() - startedAt));
  }
}

/** At once, not when the mails in transit have ended: a second Ctrl-C may come before that. */
function pauseWhenAborted(
  app: App,
  id: string,
  signal: AbortSignal,
  onPaused: (() => void) | undefined,
): { release: () => void; done: () => Promise<void> } {
  let pausing: Promise<void> = Promise.resolve();
  const begin = () => {
    // If this fails, it is tried once more at the end, and reported there.
    pausing = pause(app, id).then(onPaused, () => undefined);
  };
  signal.addEventListener('abort', begin, { once: true });
  return {
    release: () => {
      signal.removeEventListener('abort', begin);
    },
    done: () => pausing,
  };
}

async function pause(app: App, id: string): Promise<void> {
  const reason = 'interrupted at the terminal';
  await requeueLapsed(app.ledger, { batchId: id }, app.clock.now());
  if (!(await pauseBatch(app.ledger, id, { code: 'operator', reason }))) return;
  await record(app.ledger, app.clock.now(), {
    event: 'operator_action',
    result: 'batch_paused',
    actor: app.operator,
    batchId: id,
    details: { reason },
  });
}

/** Throws usage_invalid when there is no such batch. */
export async function showBatch(app: App, id: string): Promise<BatchOverview> {
  const batch = await requireBatch(app, id);
  // No worker takes care of it any more.
  if (batch.state === 'cancelled') await giveUpLapsed(app.ledger, id, app.clock.now());
  const scope = await scopeOf(app, batch);
  const [{ counts, outcomes }, reminders] = await Promise.all([
    countBatch(app.ledger, scope),
    Promise.all(scope.reminderIds.map((reminderId) => statusOf(app, reminderId))),
  ]);
  return { batch, counts, outcomes, reminders };
}

/** Its people by domain or language, the largest groups first. */
export async function showGroups(app: App, id: string, by: 'domain' | 'locale'): Promise<OutcomeGroup[]> {
  return groupOutcomes(app.ledger, await scopeOf(app, await requireBatch(app, id)), by);
}

const statusOf = async (app: App, id: string): Promise<BatchStatus> => ({
  batch: await requireBatch(app, id),
  counts: await countRows(app.ledger, id, app.clock.now()),
});

/** A batch counts with its reminders. */
export const scopeOf = async (
  app: App,
  { id }: Batch,
): Promise<OutcomeScope & { readonly reminderIds: readonly string[] }> => ({
  batchId: id,
  reminderIds: await remindersOf(app.ledger, id),
  now: app.clock.now(),
});
