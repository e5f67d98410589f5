import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { EXIT } from '../terminal/exit.ts';
import type { BatchOverview, BatchStatus } from '../../flows/batch/follow-batch.ts';
import { followBatch } from '../../flows/batch/follow-batch.ts';
import {
  isLookDue,
  isMailServerAtFault,
  readRecipients,
  readUndelivered,
} from '../../flows/batch/manage-batches.ts';
import type { Context } from '../command/context.ts';
import { describeOutcomes, withoutZeros } from './print-batch.ts';
import { explainReason } from '../../flows/batch/skip-reasons.ts';
import { watchSecondInterruption } from './watch-interruption.ts';
import { openProgress } from './progress.ts';
import { programName } from '../../values/program-name.ts';

/** Deliver a batch, then report the result for everybody. Gives the exit code; throws batch_incomplete, delivery_failed. */
export async function deliverAndReport(context: Context, app: App, id: string): Promise<number> {
  const { output, signal } = context;
  const progress = await openProgress(context, () => app.clock.now());
  const watch = watchSecondInterruption(context, id, () => {
    progress.end();
  });
  const status = await followBatch(app, id, {
    signal,
    onPaused: watch.paused,
    onProgress: (counts) => {
      progress.show(counts);
    },
  }).finally(() => {
    progress.end();
    watch.release();
  });
  const { batch, counts } = status;
  if (signal.aborted && batch.state === 'paused') {
    output.warn(
      `Batch ${id} is paused: ${counts.sent} sent, ${counts.queued} to go. Resume it: ${programName} batch resume ${id}`,
    );
    return EXIT.interrupted;
  }
  await printRecipients(context, app, id);
  printSummary(context, status);
  return conclude(context, app, status);
}

/** One line for each recipient: all with --json, else those that need a look. */
export async function printRecipients({ output }: Context, app: App, id: string): Promise<void> {
  const rows = output.isJson ? readRecipients(app, id) : readUndelivered(app, id);
  for await (const row of rows) {
    const status = row.status === 'claimed' ? 'queued' : row.status;
    const line = {
      email: row.email,
      userId: row.id === '' ? null : row.id,
      status,
      ...(row.reason === null ? {} : { reason: row.reason }),
      requestId: row.requestId,
      ...(row.expiresAt === null ? {} : { expiresAt: new Date(row.expiresAt).toISOString() }),
      ...(row.messageId === null ? {} : { messageId: row.messageId }),
      ...(row.reply === null ? {} : { reply: row.reply }),
    };
    const why = row.reason === null ? '' : ` (${explainReason(row.reason)})`;
    output.result(line, `${status} ${row.email ?? ''}${why} ${row.reply ?? ''}`.trimEnd(), 'bad');
  }
}

function printSummary({ output }: Context, { batch, counts, outcomes }: BatchOverview): void {
  const { total, sent, skipped, failed, unknown, bounced, missed, queued, claimed } = counts;
  const left = queued + claimed;
  const row = {
    batch: batch.id,
    total,
    sent,
    skipped,
    failed,
    unknown,
    ...withoutZeros({ bounced, missed, queued: left }),
    outcomes,
  };
  const parts = [
    `sent ${sent}`,
    `skipped ${skipped}`,
    `failed ${failed}`,
    `unknown ${unknown}`,
    ...(bounced > 0 ? [`bounced ${bounced}`] : []),
  ];
  const people = left > 0 || total === skipped ? [] : [`  ${describeOutcomes(outcomes)}`];
  const text = `batch ${batch.id}: ${parts.join(', ')}${left > 0 ? `, ${left} to go` : ''}, ${total} in all`;
  output.result(row, [text, ...people], failed + unknown + bounced + missed + left > 0 ? 'warn' : 'ok');
}

/** How a batch ended as an exit code, or as an error that names the next command. */
async function conclude(context: Context, app: App, status: BatchStatus): Promise<number> {
  const { id, state } = status.batch;
  if (state === 'done') return EXIT.done;
  if (state === 'paused') return concludePaused(context, app, status);
  if (state === 'cancelled') throw incomplete(status, `Batch ${id} was cancelled.`);
  const { total, unknown, bounced, missed } = status.counts;
  const maybe = unknown > 0 ? ` (${unknown} of them may have arrived: the server's answer was lost)` : '';
  throw incomplete(
    status,
    `${undelivered(status)} of ${total} mails of batch ${id} were not delivered${maybe}. See: ${programName} batch report ${id} --status failed,unknown${bounced > 0 ? ',bounced' : ''}${missed > 0 ? ',skipped' : ''}; try just those again: ${programName} batch retry ${id}`,
  );
}

async function concludePaused({ output }: Context, app: App, status: BatchStatus): Promise<number> {
  const { batch, counts } = status;
  const { id, pauseReason } = batch;
  if (!isLookDue(batch)) {
    throw incomplete(
      status,
      `Batch ${id} is paused with ${counts.queued} to go: ${pauseReason ?? ''}. Resume it: ${programName} batch resume ${id}`,
      isMailServerAtFault(batch) ? 'delivery_failed' : 'batch_incomplete',
    );
  }
  if (undelivered(status) > 0) {
    throw incomplete(
      status,
      `Of the first mails of batch ${id}, ${undelivered(status)} were not delivered; the others wait. Try just those again: ${programName} batch retry ${id}; or continue with the others: ${programName} batch resume ${id}`,
    );
  }
  const addresses = await listSent(app, id);
  output.info(
    `The first ${counts.sent === 1 ? 'mail was' : `${counts.sent} mails were`} sent to ${addresses}. Check that they arrived, then continue: ${programName} batch resume ${id}`,
  );
  return EXIT.done;
}

/** Canaries are usually few; of many, only the first are named. */
const NAMED = 10;

async function listSent(app: App, id: string): Promise<string> {
  const addresses: string[] = [];
  for await (const { email } of readRecipients(app, id, 'sent')) {
    if (addresses.length === NAMED) return `${addresses.join(', ')} and others`;
    addresses.push(email ?? '');
  }
  return addresses.join(', ');
}

/** Failed, perhaps lost, bounced, or skipped although the plan said otherwise. */
const undelivered = ({ counts: { failed, unknown, bounced, missed } }: BatchStatus): number =>
  failed + unknown + bounced + missed;

function incomplete(
  status: BatchStatus,
  message: string,
  code: 'batch_incomplete' | 'delivery_failed' = 'batch_incomplete',
): ResetError {
  const { id, state, pauseCode, pauseReason } = status.batch;
  const { failed, unknown, queued } = status.counts;
  return new ResetError(code, message, {
    details: {
      batch: id,
      state,
      failed,
      unknown,
      queued,
      ...(pauseReason === null ? {} : { reason: pauseReason }),
      ...(pauseCode === null ? {} : { pauseCode }),
      ...(failed + unknown > 0 ? { retry: `${programName} batch retry ${id}` } : {}),
      ...(code === 'delivery_failed' ? { retryable: true } : {}),
    },
  });
}
