import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Batch } from '../../batches/batch.ts';
import { actorOf, runningBatches } from '../../batches/batch.ts';
import { pauseAfterCanary } from '../../batches/canary.ts';
import { endBatch } from '../../batches/change-batch.ts';
import { requeueLapsed } from '../../outbox/claim.ts';
import { nextDue } from '../../outbox/find-messages.ts';
import { dropLimiters } from '../../outbox/reserve.ts';
import { domainPrefix } from './pick-candidates.ts';

/** ended: the batch that was asked about no longer runs. idle: nothing is queued, delayed or claimed by anyone. */
export type Work =
  | { readonly state: 'ended' }
  | { readonly state: 'idle' }
  | { readonly state: 'waiting'; readonly dueAt: number };

/**
 * What there is to do when nothing could be claimed: takes back what dead workers held, ends batches whose recipients
 * all are settled, pauses those whose canaries are out, and says when the next mail is due.
 */
export async function advanceBatches(app: App, batchId: string | undefined): Promise<Work> {
  const now = app.clock.now();
  const running = await runningBatches(app.ledger, app.route.takes);
  const batches = batchId === undefined ? running : running.filter(({ id }) => id === batchId);
  let left = batches.length;
  const due: number[] = [];
  if (batchId === undefined) await addDue(app, due, null, now);
  for (const batch of batches) {
    await addDue(app, due, batch.id, now);
    const isOver =
      (batch.canaryLeft === 0 && (await pauseAfterCanary(app.ledger, batch.id))) || (await end(app, batch));
    if (isOver) left -= 1;
  }
  if (batchId !== undefined && left === 0) return { state: 'ended' };
  return due.length === 0 ? { state: 'idle' } : { state: 'waiting', dueAt: Math.min(...due) };
}

async function addDue(app: App, due: number[], batchId: string | null, now: number): Promise<void> {
  const scope = { batchId, takes: app.route.takes };
  await requeueLapsed(app.ledger, scope, now);
  const at = await nextDue(app.ledger, scope);
  if (at !== undefined) due.push(at);
}

/** True when everybody is settled. */
async function end(app: App, batch: Batch): Promise<boolean> {
  const now = app.clock.now();
  const state = await endBatch(app.ledger, batch.id, now);
  if (state === undefined) return false;
  await dropLimiters(app.ledger, domainPrefix(batch.id));
  await record(app.ledger, now, {
    event: 'batch_ended',
    result: state,
    actor: actorOf(batch),
    batchId: batch.id,
  });
  return true;
}
