import { reportBatch } from '../../flows/batch/manage-batches.ts';
import type { Command } from '../context.ts';
import type { OptionsOf } from '../define-command.ts';
import type { reportOptions } from './declare.ts';
import { withApp } from '../open-app.ts';
import { printPieces } from '../terminal/print-pieces.ts';

/** `reset batch report ID`: every recipient, in the format that `send --file` reads. */
export const batchReport: Command<OptionsOf<typeof reportOptions>> = (
  context,
  [id = ''],
  { format, status },
) =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    const chosen = format ?? (context.output.isJson ? 'ndjson' : 'csv');
    await printPieces(await reportBatch(app, id, { format: chosen, status }));
    return 0;
  });
