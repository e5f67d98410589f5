import { once } from 'node:events';
import { reportBatch } from '../../flows/batch/manage-batches.ts';
import type { Command } from '../context.ts';
import { withApp } from '../open-app.ts';

interface ReportOptions {
  readonly format?: string;
  readonly status?: string;
}

/** `reset batch report ID`: every recipient, in the format that `send --file` reads. */
export const batchReport: Command<ReportOptions> = (context, [id = ''], { format, status }) =>
  withApp(context, { require: ['database'] }, async ({ app }) => {
    const chosen = format ?? (context.output.isJson ? 'ndjson' : 'csv');
    const reader = new AbortController();
    process.stdout.once('error', () => {
      reader.abort(); // `| head` has seen enough
    });
    for await (const piece of await reportBatch(app, id, { format: chosen, status })) {
      if (reader.signal.aborted) break;
      if (process.stdout.write(piece)) continue;
      // Both reject with the error that was told to the reader above.
      await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(
        () => undefined,
      );
    }
    return 0;
  });
