import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { followBatch, showBatch } from '../../../src/flows/batch/follow-batch.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { readReports, type ReportLine } from '../../../src/flows/bounces/read-reports.ts';
import type { TestDatabase } from '../../helpers/databases.ts';
import { openFlowApp, operator, type FlowApp, type FlowAppOptions } from '../flow-app.ts';

const HASH = '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK';
const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/bounces/${name}`, import.meta.url), 'utf8');

/** What a report says about a mail that somebody got. */
export interface About {
  readonly SENDER: string;
  readonly RECIPIENT: string;
  readonly MESSAGE_ID: string;
  readonly BARE_MESSAGE_ID: string;
  readonly TAG: string;
}

export interface Event {
  readonly about: string;
  readonly result: ReportLine['result'];
  readonly status?: string | null;
  /** false: only the Message-ID says which mail it was */
  readonly isMarked?: boolean;
  readonly event: Record<string, unknown>;
}

export const events = JSON.parse(fixture('events.json')) as readonly Event[];

export const fill = (text: string, about: object): string =>
  Object.entries(about).reduce(
    (filled, [name, value]) => filled.replaceAll(`{{${name}}}`, String(value)),
    text,
  );

/** Postfix's report, with other words where they are given. */
export const report = (about: About, { ACTION = 'failed', STATUS = '5.1.1' } = {}): string =>
  fill(fixture('postfix.eml'), { ...about, ACTION, STATUS });

/** As a provider posts it: SNS has the inner object as text. */
export function post({ event }: Event, about: About): string {
  const inner = event['Message'];
  const posted = inner === undefined ? event : { ...event, Message: JSON.stringify(inner) };
  return fill(JSON.stringify(posted), about);
}

export interface BounceScene extends FlowApp {
  send(): Promise<string>;
  /** the newest mail that this person got */
  mailTo(address: string): About;
  read(text: string): Promise<ReportLine[]>;
}

/** Mails go out with marked senders to these people. */
export async function openBounceScene(
  database: TestDatabase,
  people: readonly string[],
  options: FlowAppOptions = {},
): Promise<BounceScene> {
  const flags = { 'mail.bounces': 'bounce@example.test', ...options.flags };
  const flow = await openFlowApp(database, { ...options, flags });
  onTestFinished(flow.close);
  const { app, mailbox } = flow;
  for (const email of people) await flow.addUser(email, HASH);
  const request = {
    choice: { kind: 'users', where: [] },
    ...{ except: [], isLocking: false, isMailed: true, actor: operator, isDryRun: false },
  } as const;
  return {
    ...flow,
    send: async () => {
      const { batch } = await planBatch(app, request, true);
      const { signal } = new AbortController();
      await beginBatch(app, (await showBatch(app, batch.id)).batch, { signal, onLocked: () => undefined });
      await followBatch(app, batch.id, { signal, onProgress: () => undefined });
      return batch.id;
    },
    mailTo: (address) => {
      const mail = mailbox.messages.findLast(({ envelope }) => envelope.to[0] === address);
      const id = mail?.parsed.messageId ?? '';
      const sender = mail?.envelope.from ?? '';
      return {
        SENDER: sender,
        RECIPIENT: address,
        MESSAGE_ID: id,
        BARE_MESSAGE_ID: id.slice(1, -1),
        TAG: sender.slice('bounce+'.length, sender.indexOf('@')),
      };
    },
    read: async (text) => {
      const lines: ReportLine[] = [];
      for await (const line of readReports(app, streamOf(text), 'test')) lines.push(line);
      return lines;
    },
  };
}

async function* streamOf(text: string): AsyncGenerator<string> {
  yield text;
}
