import { EXIT } from '../terminal/exit.ts';
import { showBatch } from '../../flows/batch/follow-batch.ts';
import { resumePaused, retryBatch } from '../../flows/batch/manage-batches.ts';
import { assertCanDeliver } from '../../flows/links/send-reset.ts';
import { plural } from '../../values/plural.ts';
import type { Command } from '../command/context.ts';
import { deliverAndReport } from './deliver-and-report.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';
import { printBatch } from './print-batch.ts';
import { programName } from '../../values/program-name.ts';

/** `reset batch resume ID`: goes on, and delivers until every recipient is settled. */
export const batchResume: Command = (context, [id = '']) =>
  withApp(context, { needed: TO_SEND, isBulk: true }, async ({ app }) => {
    await assertCanDeliver(app);
    await resumePaused(app, id, app.operator);
    return deliverAndReport(context, app, id);
  });

/** `reset batch retry ID`: tries again what failed. */
export const batchRetry: Command = (context, [id = '']) =>
  withApp(context, { needed: TO_SEND, isBulk: true }, async ({ app }) => {
    await assertCanDeliver(app);
    const count = await retryBatch(app, id, app.operator);
    const status = await showBatch(app, id);
    if (status.batch.state === 'paused') {
      context.output.info(
        `${plural(count, 'mail is', 'mails are')} queued again. The batch is paused; resume it: ${programName} batch resume ${id}`,
      );
      printBatch(context, status);
      return EXIT.done;
    }
    context.output.info(`${plural(count, 'mail is', 'mails are')} tried again.`);
    return deliverAndReport(context, app, id);
  });
