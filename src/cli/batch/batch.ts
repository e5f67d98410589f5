import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { survivingOfBatch } from '../../flows/access/surviving.ts';
import { showBatch, showGroups } from '../../flows/batch/follow-batch.ts';
import { cancelOpen, listBatchStatus, pauseRunning } from '../../flows/batch/manage-batches.ts';
import type { Command, Context } from '../command/context.ts';
import { withApp } from '../command/open-app.ts';
import { plural } from '../../values/plural.ts';
import { programName } from '../../values/program-name.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { cancelOptions, showOptions } from './declare.ts';
import { printBatch, printGroups } from './print-batch.ts';
import { watchBatch } from './watch-batch.ts';

/** `reset batch list`: the newest first. */
export const batchList: Command = (context) =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    const found = await listBatchStatus(app);
    for (const status of found) printBatch(context, status);
    if (found.length === 0) {
      context.output.info(`There are no batches yet. ${programName} send to several people creates one.`);
    }
    return 0;
  });

/** `reset batch show ID`: once, or again and again with --watch. */
export const batchShow: Command<OptionsOf<typeof showOptions>> = (context, [id = ''], { watch, by }) =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    const groups = by === undefined ? undefined : parseGroups(by);
    if (watch === true) return watchBatch(context, app, id);
    const overview = await showBatch(app, id);
    printBatch(context, { ...overview, surviving: await survivingOfBatch(app, overview.batch) });
    if (groups)
      printGroups(context, groups, await showGroups(app, id, groups === 'domain' ? 'domain' : 'locale'));
    return 0;
  });

function parseGroups(by: string): 'domain' | 'language' {
  if (by === 'domain' || by === 'language') return by;
  throw new ResetError(
    'usage_invalid',
    `${JSON.stringify(by)} is not known. Use --by domain or --by language.`,
  );
}

/** `reset batch pause ID`: no worker takes more of it. */
export const batchPause: Command = (context, [id = '']) =>
  withBatch(context, id, (app) => pauseRunning(app, id, app.operator));

/** `reset batch cancel ID`: what waits is never sent. It cannot be undone, so a person at a terminal is asked. */
export const batchCancel: Command<OptionsOf<typeof cancelOptions>> = (context, [id = ''], { yes }) =>
  withBatch(context, id, async (app) => {
    if (yes !== true && context.ask.isPossible) {
      const { counts } = await showBatch(app, id);
      const mails = plural(counts.queued, 'mail');
      const isSure = await context.ask.confirm(`Drop ${mails} of batch ${id} for good?`, false);
      if (!isSure) throw new ResetError('usage_invalid', `Batch ${id} was not cancelled.`);
    }
    await cancelOpen(app, id, app.operator);
  });

function withBatch(context: Context, id: string, change: (app: App) => Promise<void>): Promise<number> {
  return withApp(context, { needed: ['database'] }, async ({ app }) => {
    await change(app);
    printBatch(context, await showBatch(app, id));
    return 0;
  });
}
