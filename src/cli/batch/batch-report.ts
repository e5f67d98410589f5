import { Readable } from 'node:stream';
import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { reportBatch } from '../../flows/batch/manage-batches.ts';
import { writeNamedFile } from '../../values/write-file.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { reportOptions } from './declare.ts';
import { withApp } from '../command/open-app.ts';
import { printPieces } from '../terminal/print-pieces.ts';

type Given = OptionsOf<typeof reportOptions>;

/** `reset batch report ID`: every recipient, in the format that `send --file` reads, or a page for people. */
export const batchReport: Command<Given> = async (context, [id = ''], options) => {
  const { format, status } = options;
  assertFitting(options);
  return withApp(context, { needed: ['database'] }, async ({ app }) => {
    if (format === 'html') return printHtml(context, app, id, options);
    const chosen = format ?? (context.output.isJson ? 'ndjson' : 'csv');
    await printPieces(await reportBatch(app, id, { format: chosen, status }));
    return 0;
  });
};

/** Throws usage_invalid for options of another format. */
function assertFitting({ format, status, out, people }: Given): void {
  if (format === 'html') {
    if (status !== undefined) throw usage('--status is for lists: csv, json or ndjson.');
  } else if (out !== undefined || people === false) {
    throw usage('--out and --no-people go with --format html. A list is printed: write it to a file with >');
  }
}

const usage = (message: string): ResetError => new ResetError('usage_invalid', message);

async function printHtml(context: Context, app: App, id: string, { out, people }: Given): Promise<number> {
  const { reportHtml } = await import('../../flows/batch/report-html.ts');
  const html = await reportHtml(app, id, { hasPeople: people !== false });
  if (out === undefined || out === '-') {
    if (context.output.isJson) context.output.result({ batch: id, format: 'html', content: html }, '');
    else await printPieces(Readable.from([html]));
    return 0;
  }
  writeNamedFile(out, html, { option: '--out' });
  context.output.result({ batch: id, format: 'html', file: out }, `The report is in ${out}`, 'ok');
  return 0;
}
