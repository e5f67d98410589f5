import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reportBatch } from '../../flows/batch/manage-batches.ts';
import type { Command } from '../context.ts';
import type { OptionsOf } from '../define-command.ts';
import type { reportOptions } from './declare.ts';
import { withApp } from '../open-app.ts';

/** `reset batch report ID`: every recipient, in the format that `send --file` reads. */
export const batchReport: Command<OptionsOf<typeof reportOptions>> = (
  context,
  [id = ''],
  { format, status },
) =>
  withApp(context, { require: ['database'] }, async ({ app }) => {
    const chosen = format ?? (context.output.isJson ? 'ndjson' : 'csv');
    const pieces = Readable.from(await reportBatch(app, id, { format: chosen, status }));
    await pipeline(pieces, process.stdout, { end: false }).catch(forgiveClosed);
    return 0;
  });

/** `| head` has seen enough. */
function forgiveClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
