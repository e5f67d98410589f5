import { parseSince } from '../../values/instant.ts';
import type { App } from '../../app.ts';
import { systemClock, type Identifier } from '../../create-reset.ts';
import type { AuditLine } from '../../flows/history/read-audit.ts';
import { readAuditLines, userIdOf } from '../../flows/history/read-audit.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { auditOptions } from './declare.ts';
import { describeEvent } from './describe-event.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { withApp } from '../command/open-app.ts';
import { printPieces } from '../terminal/print-pieces.ts';
import { writeRows } from '../../values/write-rows.ts';

/** `reset audit`: every row, oldest first, written as it is read. */
export const audit: Command<OptionsOf<typeof auditOptions>> = (
  context,
  _args,
  { since, user, format, ...named },
) => {
  const isNamed = user !== undefined || named.id !== undefined || named.username !== undefined;
  const filter = {
    since: since === undefined ? undefined : parseSince(since, systemClock.now()),
    user: isNamed ? identifierFrom(user === undefined ? [] : [user], named) : undefined,
  };
  const whose = async (app: App): Promise<Identifier | undefined> =>
    filter.user && forUser(context, app, filter.user, async (one) => ({ id: await userIdOf(app, one) }));
  return withApp(context, { needed: ['database'] }, async ({ app }) => {
    const { output, signal } = context;
    const lines = readUntil(signal, readAuditLines(app, { since: filter.since, user: await whose(app) }));
    const rows = writeRows(lines, format ?? (output.isJson ? 'ndjson' : 'text'), { columns: COLUMNS, text });
    await printPieces(rows);
    return signal.aborted ? 130 : 0;
  });
};

const COLUMNS = [
  'at',
  'event',
  'result',
  'userId',
  'requestId',
  'batchId',
  'actorKind',
  'actor',
  'ticket',
  'details',
] as const;

const text = (line: AuditLine): string => {
  const whose = line.userId === null ? '' : `; user ${line.userId}`;
  return `${describeEvent(line).trimStart()}${whose}`;
};

/** The rows up to an interruption; the end of the text is still written. */
async function* readUntil<Row>(signal: AbortSignal, rows: AsyncIterable<Row>): AsyncGenerator<Row> {
  for await (const row of rows) {
    if (signal.aborted) return;
    yield row;
  }
}
