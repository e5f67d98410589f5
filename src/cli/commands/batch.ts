import type { App } from '../../app.ts';
import type { BatchStatus } from '../../flows/follow-batch.ts';
import { showBatch } from '../../flows/follow-batch.ts';
import { cancelOpen, listBatchStatus, pauseRunning } from '../../flows/manage-batches.ts';
import type { Command, Context } from '../context.ts';
import { withApp } from '../open-app.ts';

/** `reset batch list`: the newest first. */
export const batchList: Command = (context) =>
  withApp(context, { require: ['database'] }, async ({ app }) => {
    for (const status of await listBatchStatus(app)) tell(context, status);
    return 0;
  });

/** `reset batch show ID`. */
export const batchShow: Command = (context, [id = '']) => withBatch(context, id, () => Promise.resolve());

/** `reset batch pause ID`: no worker takes more of it. */
export const batchPause: Command = (context, [id = '']) =>
  withBatch(context, id, (app) => pauseRunning(app, id, app.operator));

/** `reset batch cancel ID`: what waits is never sent. */
export const batchCancel: Command = (context, [id = '']) =>
  withBatch(context, id, (app) => cancelOpen(app, id, app.operator));

function withBatch(context: Context, id: string, change: (app: App) => Promise<void>): Promise<number> {
  return withApp(context, { require: ['database'] }, async ({ app }) => {
    await change(app);
    tell(context, await showBatch(app, id));
    return 0;
  });
}

function tell({ output }: Context, { batch, counts }: BatchStatus): void {
  const { id, state, pauseReason, selection, actorName, ticket, rate, redirectTo } = batch;
  const { total, sent, skipped, failed, unknown, queued, claimed, reasons } = counts;
  const [createdAt, endedAt] = [batch.createdAt, batch.endedAt].map(toIso);
  const row = {
    batch: id,
    state,
    pauseReason,
    selection,
    total,
    sent,
    skipped,
    failed,
    unknown,
    queued,
    claimed,
    reasons,
    rate,
    redirectTo,
    actor: actorName,
    ticket,
    createdAt,
    endedAt,
  };
  const why = pauseReason === null ? '' : ` (${pauseReason})`;
  const facts = `sent ${sent}, skipped ${skipped}, failed ${failed}, unknown ${unknown}, to go ${queued + claimed}, total ${total}`;
  output.result(row, `${id}  ${state}${why}  ${createdAt ?? ''}  ${selection}\n  ${facts}`);
}

const toIso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
