import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Batch } from '../../batches/batch.ts';
import { listBatches } from '../../batches/batch.ts';
import {
  cancelBatch,
  hurryUnreached,
  pauseBatch,
  reopenBatch,
  requeueFailed,
  resumeBatch,
} from '../../batches/change-batch.ts';
import { countRows } from '../../batches/count-rows.ts';
import type { LedgerRow } from '../../batches/read-ledger.ts';
import { readLedger } from '../../batches/read-ledger.ts';
import { parseFormat, writeReport } from '../../batches/write-report.ts';
import { ResetError } from '../../errors.ts';
import type { Actor } from '../../types.ts';
import { withSurviving } from '../access/surviving.ts';
import type { BatchStatus } from './follow-batch.ts';
import { requireBatch } from './plan-batch.ts';
import { requeueReachable } from './retry-bounced.ts';
import { programName } from '../../values/program-name.ts';

const LISTED = 50;
const STATUSES = ['queued', 'claimed', 'sent', 'failed', 'skipped', 'unknown', 'bounced'];

/** The newest batches with their counts. */
export async function listBatchStatus(app: App): Promise<BatchStatus[]> {
  const found: BatchStatus[] = [];
  for (const batch of await listBatches(app.ledger, LISTED)) {
    found.push({ batch, counts: await countRows(app.ledger, batch.id, app.clock.now()) });
  }
  return found;
}

/** Throws usage_invalid when it is not running. */
export async function pauseRunning(app: App, id: string, actor: Actor): Promise<void> {
  const batch = await requireBatch(app, id);
  await changeOrRefuse(
    app,
    batch,
    actor,
    'batch_paused',
    pauseBatch(app.ledger, id, { code: 'operator', reason: `paused by ${actor.name}` }),
  );
}

/** Throws usage_invalid when it is not paused. With `canary`, this many more mails go before the next pause. */
export async function resumePaused(app: App, id: string, actor: Actor, canary?: number): Promise<void> {
  const batch = await requireBatch(app, id);
  if (batch.state === 'running') return; // another worker delivers it already: join in
  // Paused for another reason before its canaries were out, it has to pause for the look at them still.
  const left = isLookDue(batch) ? null : batch.canaryLeft;
  await changeOrRefuse(app, batch, actor, 'batch_resumed', resumeBatch(app.ledger, id, canary ?? left));
  await hurryUnreached(app.ledger, id, app.clock.now());
}

/** Its canaries were sent, and somebody should check them before it continues. */
export const isLookDue = ({ pauseCode }: Batch): boolean => pauseCode === 'canary';

/** It waits for the mail server, and nothing is wrong with its recipients. */
export const isMailServerAtFault = ({ pauseCode }: Batch): boolean =>
  pauseCode === 'server_refused' || pauseCode === 'server_away' || pauseCode === 'quota';

/** Throws usage_invalid when it has ended. */
export async function cancelOpen(app: App, id: string, actor: Actor): Promise<void> {
  const batch = await requireBatch(app, id);
  await changeOrRefuse(app, batch, actor, 'batch_cancelled', cancelBatch(app.ledger, id, app.clock.now()));
}

/**
 * Queue the failed mails again. A batch that somebody or the breaker has paused stays paused, because otherwise all
 * its mails would go out. Throws usage_invalid when there are none.
 */
export async function retryBatch(app: App, id: string, actor: Actor): Promise<number> {
  const batch = await requireBatch(app, id);
  if (!['incomplete', 'paused', 'running', 'done'].includes(batch.state)) throw wrongState(batch);
  const count = (await requeueFailed(app.ledger, id, app.clock.now())) + (await requeueReachable(app, id));
  // Without a count, a process may have died between these two lines.
  const isReopened = (count > 0 || batch.state === 'incomplete') && (await reopenBatch(app.ledger, id));
  if (count === 0 && !isReopened)
    throw new ResetError(
      'usage_invalid',
      `Every mail of batch ${id} was delivered or is still queued, or bounced from an address that is still the same: there is nothing to retry.`,
    );
  await recordChange(app, batch, actor, 'batch_retried', { count });
  return count;
}

/** The recipients of a batch, one after the other. */
export function readRecipients(app: App, batchId: string, status?: string): AsyncGenerator<LedgerRow> {
  return readLedger(app.ledger, { batchId, statuses: parseStatuses(status), now: app.clock.now() });
}

/** People who should have got their mail and did not. */
export const readUndelivered = (app: App, batchId: string): AsyncGenerator<LedgerRow> =>
  readLedger(app.ledger, { batchId, isUndelivered: true, now: app.clock.now() });

/** The ledger as pieces of text. Throws usage_invalid for an unknown batch, format or status. */
export async function reportBatch(
  app: App,
  id: string,
  { format, status }: { readonly format: string; readonly status?: string | undefined },
): Promise<AsyncGenerator<string>> {
  const known = parseFormat(format);
  const statuses = parseStatuses(status);
  await requireBatch(app, id);
  const rows = readLedger(app.ledger, { batchId: id, statuses, now: app.clock.now() });
  return writeReport(withSurviving(app, rows), known);
}

/** `failed,unknown` → both. */
function parseStatuses(text: string | undefined): readonly string[] | undefined {
  const statuses = text?.split(',').map((each) => each.trim());
  const wrong = statuses?.find((each) => !STATUSES.includes(each));
  if (wrong === undefined) return statuses;
  throw new ResetError(
    'usage_invalid',
    `There is no status ${JSON.stringify(wrong)}. Known: ${STATUSES.join(', ')}.`,
  );
}

async function changeOrRefuse(
  app: App,
  batch: Batch,
  actor: Actor,
  result: string,
  change: Promise<boolean>,
): Promise<void> {
  if (!(await change)) throw wrongState(await requireBatch(app, batch.id));
  await recordChange(app, batch, actor, result);
}

const wrongState = ({ id, state, parentId }: Batch): ResetError =>
  new ResetError('usage_invalid', `Batch ${id} is ${state}. ${wayOut({ id, state, parentId })}`, {
    details: { batch: id, state },
  });

function wayOut({ id, state, parentId }: Pick<Batch, 'id' | 'state' | 'parentId'>): string {
  switch (state) {
    case 'planning':
    case 'locking':
      return `Run the same \`${programName} ${parentId === null ? 'send' : 'batch remind'}\` again: it continues where that stopped.`;
    case 'incomplete':
      return `Try again what failed: ${programName} batch retry ${id}`;
    case 'running':
    case 'paused':
    case 'done':
    case 'cancelled':
      return `See: ${programName} batch show ${id}`;
  }
}

const recordChange = (
  app: App,
  batch: Batch,
  actor: Actor,
  result: string,
  details?: Record<string, unknown>,
) =>
  record(app.ledger, app.clock.now(), {
    event: 'operator_action',
    result,
    actor,
    batchId: batch.id,
    details,
  });
