import { parseSince } from '../../values/instant.ts';
import { systemClock } from '../../create-reset.ts';
import type { AuditLine } from '../../flows/history/read-audit.ts';
import { readAuditLines } from '../../flows/history/read-audit.ts';
import type { Command } from '../context.ts';
import type { OptionsOf } from '../define-command.ts';
import type { auditOptions } from './declare.ts';
import { csvLine } from './csv-line.ts';
import { describeEvent } from './describe-event.ts';
import { identifierFrom } from '../identifier.ts';
import { withApp } from '../open-app.ts';
import type { Output } from '../terminal/output.ts';

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
  return withApp(context, { require: ['database'] }, async ({ app }) => {
    const { output, signal } = context;
    const writer = WRITERS[format ?? (output.isJson ? 'ndjson' : 'text')](output);
    for await (const line of readAuditLines(app, filter)) {
      if (signal.aborted) break;
      writer.line(line);
    }
    writer.end();
    return signal.aborted ? 130 : 0;
  });
};

interface Writer {
  readonly line: (line: AuditLine) => void;
  readonly end: () => void;
}

const nothing = () => undefined;
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
] as const;

const WRITERS = {
  text: (output: Output) => ({
    line: (line) => {
      const whose = line.userId === null ? '' : `; user ${line.userId}`;
      output.result(line, `${describeEvent(line).trimStart()}${whose}`);
    },
    end: nothing,
  }),
  ndjson: (output: Output) => ({
    line: (line) => {
      output.raw(JSON.stringify(line));
    },
    end: nothing,
  }),
  json: (output: Output) => {
    let before = '[';
    return {
      line: (line) => {
        output.raw(`${before}${JSON.stringify(line)}`);
        before = ',';
      },
      end: () => {
        output.raw(before === '[' ? '[]' : ']');
      },
    };
  },
  csv: (output: Output) => {
    output.raw(csvLine([...COLUMNS, 'details']));
    return {
      line: (line) => {
        output.raw(csvLine([...COLUMNS.map((name) => line[name]), JSON.stringify(line.details)]));
      },
      end: nothing,
    };
  },
} as const satisfies Record<string, (output: Output) => Writer>;
