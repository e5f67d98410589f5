import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Batch } from '../../batches/batch.ts';
import { actorOf } from '../../batches/batch.ts';
import { discardBatch, releasePlanning, startBatch, startLocking } from '../../batches/change-batch.ts';
import { readLedger } from '../../batches/read-ledger.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { LockOptions } from './lock-batch.ts';
import { countForEnds } from './guard-ends.ts';
import { lockBatch } from './lock-batch.ts';
import type { UnknownLine } from './unknown-lines.ts';
import { keepPlanning, requireBatch } from './plan-batch.ts';

export { countLocks } from './lock-batch.ts';
export { keepPlanning } from './plan-batch.ts';

/** A rejected plan leaves nothing behind. */
export const dropPlan = (app: App, batch: Batch): Promise<void> => discardBatch(app.ledger, batch.id);

/** Lines of the input that name no user, or two people. */
export async function listUnknown(app: App, batch: Batch): Promise<UnknownLine[]> {
  const unknown: UnknownLine[] = [];
  const rows = readLedger(app.ledger, { batchId: batch.id, statuses: ['skipped'], now: app.clock.now() });
  for await (const { id, email, reason, reply, position } of rows) {
    const line = position === 0 ? undefined : position;
    if (reason === 'user_not_found') unknown.push({ line, text: id === '' ? (email ?? '') : id, reason });
    if (reason === 'line_mismatch') unknown.push({ line, text: `${reply ?? ''}, ${email ?? ''}`, reason });
  }
  return unknown;
}

/**
 * Planning is over: lock the passwords if that was asked for, then let the mails go. False: it was asked to stop, and did so
 * before everybody was locked; nobody is mailed, and the same `send` goes on.
 */
export async function beginBatch(app: App, batch: Batch, options: LockOptions): Promise<boolean> {
  if (batch.isLocking && batch.state !== 'locking') await countForEnds(app, batch);
  if (batch.isLocking && !(await lock(app, batch, options)) && options.signal.aborted) return false;
  await inTransaction(app.ledger, async (trx) => {
    const now = app.clock.now();
    if (!(await startBatch(trx, batch.id, now))) return;
    await record(trx, now, {
      event: 'batch_started',
      result: 'ok',
      actor: actorOf(batch),
      batchId: batch.id,
    });
  });
  return true;
}

async function lock(app: App, batch: Batch, options: LockOptions): Promise<boolean> {
  await startLocking(app.ledger, batch.id, app.clock.now());
  const renewal = keepPlanning(app, batch.id);
  let isLocked = false;
  try {
    isLocked = await lockBatch(app, await requireBatch(app, batch.id), options);
  } finally {
    clearInterval(renewal);
    if (!isLocked) await releasePlanning(app.ledger, batch.id).catch(() => undefined); // otherwise its lease runs out
  }
  return isLocked;
}
