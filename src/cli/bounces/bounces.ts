import { readReportFiles, readReports, type ReportLine } from '../../flows/bounces/read-reports.ts';
import { lift, readSuppressed, type Suppressed } from '../../flows/bounces/suppressions.ts';
import { localStamp, toIso } from '../../values/instant.ts';
import { programName } from '../../values/program-name.ts';
import type { Command, Context } from '../command/context.ts';
import { withApp } from '../command/open-app.ts';

type Result = ReportLine['result'];

/** With `--json` every result is listed; people get a summary. */
const WORDS: Readonly<Record<Result, string>> = {
  bounced: 'bounced',
  known: 'known already',
  temporary: 'may still arrive',
  forged: 'with a mark that is not ours',
  not_ours: 'not about our mails',
  auto_reply: 'automatic answers',
  other: 'not bounces',
  unreadable: 'unreadable',
};

/** `reset bounces SOURCE`: exit code 0 whatever the mails hold, because a mail server would send an error back. */
export const bouncesRead: Command = (context, [source = '']) =>
  withApp(context, { needed: ['database', 'secret'] }, async ({ app }) => {
    const { output } = context;
    const counts = new Map<Result, number>();
    let suppressed = 0;
    const lines =
      source === '-' ? readReports(app, process.stdin, 'standard input') : readReportFiles(app, source);
    for await (const line of lines) {
      const isNew = line.result === 'bounced';
      counts.set(line.result, (counts.get(line.result) ?? 0) + 1);
      if (isNew && line.isSuppressed === true) suppressed += 1;
      if (output.isJson || isNew) printLine(context, line);
    }
    printCounts(context, counts, suppressed);
    return 0;
  });

function printCounts({ output }: Context, counts: ReadonlyMap<Result, number>, suppressed: number): void {
  const read = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const names = Object.keys(WORDS) as Result[];
  const all = Object.fromEntries(names.map((name) => [name, counts.get(name) ?? 0]));
  const parts = [...counts].map(([name, count]) => `${count} ${WORDS[name]}`);
  output.result(
    { read, ...all, suppressed },
    `${read} read${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`,
  );
  if (suppressed === 0) return;
  const them = suppressed === 1 ? 'this address' : `these ${suppressed} addresses`;
  output.info(
    `Batches leave out ${them} from now on. When one is good again: ${programName} bounces lift ADDRESS`,
  );
}

function printLine(
  { output }: Context,
  { result, file, address, message, status, words, isSuppressed }: ReportLine,
) {
  const row = {
    result,
    file,
    ...(message === undefined
      ? {}
      : {
          email: address ?? null,
          userId: message.userId,
          requestId: message.requestId,
          batch: message.batchId,
        }),
    ...(status === undefined ? {} : { status, reply: words }),
    ...(isSuppressed === undefined ? {} : { suppressed: isSuppressed }),
  };
  output.result(row, `bounced ${address ?? ''}: ${words ?? ''}`, 'bad');
}

/** `reset bounces list` */
export const bouncesList: Command = (context) =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    let count = 0;
    for await (const each of readSuppressed(app)) {
      count += 1;
      context.output.result(
        rowOf(each),
        `${each.address}  ${localStamp(toIso(each.bouncedAt))}  ${each.reply ?? ''}`,
      );
    }
    if (count === 0)
      context.output.info('No mail has come back for good, so batches leave nobody out for that.');
    return 0;
  });

/** `reset bounces lift ADDRESS` */
export const bouncesLift: Command = (context, [address = '']) =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    const known = await lift(app, address);
    const retry =
      known.batchId === null ? '' : ` To send that mail again: ${programName} batch retry ${known.batchId}`;
    context.output.result(
      { ...rowOf(known), status: 'lifted' },
      `${known.address} gets batch mails again.${retry}`,
      'ok',
    );
    return 0;
  });

const rowOf = ({ address, userId, requestId, batchId, status, reply, source, bouncedAt }: Suppressed) => ({
  email: address,
  userId,
  requestId,
  batch: batchId,
  code: status,
  reply,
  source,
  bouncedAt: toIso(bouncedAt),
});
