import type { App } from '../../app.ts';
import { showBatch } from '../../flows/batch/follow-batch.ts';
import { cancelOpen, listBatchStatus, pauseRunning } from '../../flows/batch/manage-batches.ts';
import type { Command, Context } from '../context.ts';
import { withApp } from '../open-app.ts';
import { tellBatch } from './print-batch.ts';

/** `reset batch list`: the newest first. */
export const batchList: Command = (context) =>
  withApp(context, { require: ['database'] }, async ({ app }) => {
    for (const status of await listBatchStatus(app)) tellBatch(context, status);
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
    tellBatch(context, await showBatch(app, id));
    return 0;
  });
}
