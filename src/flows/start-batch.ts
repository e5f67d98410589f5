import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import type { Batch } from '../batches/batch.ts';
import { actorOf } from '../batches/batch.ts';
import { discardBatch, startBatch, startLocking } from '../batches/change-batch.ts';
import { countToLock } from '../batches/lock-rows.ts';
import { readLedger } from '../batches/read-ledger.ts';
import { inTransaction } from '../db/transaction.ts';
import type { LockProgress } from './lock-batch.ts';
import { lockBatch } from './lock-batch.ts';
import { keepPlanning, needBatch } from './plan-batch.ts';

export { keepPlanning } from './plan-batch.ts';

/** A plan that nobody wanted leaves nothing behind. */
export const dropPlan = (app: App, batch: Batch): Promise<void> => discardBatch(app.db, batch.id);

/** How many passwords breach mode would lock. */
export const countLocks = (app: App, batch: Batch): Promise<number> => countToLock(app.db, batch.id);

/** Lines of the input that name no user, as they were written. */
export async function listUnknown(app: App, batch: Batch): Promise<string[]> {
  const unknown: string[] = [];
  const rows = readLedger(app.db, { batchId: batch.id, statuses: ['skipped'], now: app.clock.now() });
  for await (const { email, reason } of rows) if (reason === 'user_not_found') unknown.push(email ?? '');
  return unknown;
}

/** Planning is over: lock the passwords if that was asked for, then let the mails go. */
export async function beginBatch(
  app: App,
  batch: Batch,
  onLocked: (progress: LockProgress) => void,
): Promise<void> {
  if (batch.isLocking) await lock(app, batch, onLocked);
  await inTransaction(app.db, async (trx) => {
    const now = app.clock.now();
    if (!(await startBatch(trx, batch.id, now))) return;
    await record(trx, now, {
      event: 'batch_started',
      result: 'ok',
      actor: actorOf(batch),
      batchId: batch.id,
    });
  });
}

async function lock(app: App, batch: Batch, onLocked: (progress: LockProgress) => void): Promise<void> {
  await startLocking(app.db, batch.id, app.clock.now());
  const renewal = keepPlanning(app, batch.id);
  try {
    await lockBatch(app, await needBatch(app, batch.id), onLocked);
  } finally {
    clearInterval(renewal);
  }
}
