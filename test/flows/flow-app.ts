import { createApp, type App } from '../../src/app.ts';
import type { KeyName } from '../../src/config/schema.ts';
import { createLog } from '../../src/log.ts';
import type { Actor } from '../../src/types.ts';
import { addUser } from '../../src/users/writing/add-user.ts';
import { createTestApp } from '../helpers/create-test-app.ts';
import type { TestDatabase } from '../helpers/databases.ts';
import { startMailbox, type Mailbox, type MailboxOptions } from '../helpers/mailbox.ts';

/** A clock that stands until it is moved. */
export interface MovableClock {
  now(): number;
  advance(ms: number): void;
}

export const clockAt = (start: number): MovableClock => {
  let now = start;
  return { now: () => now, advance: (ms) => void (now += ms) };
};

export const operator: Actor = { kind: 'operator', name: 'tester@localhost' };
export const goodPassword = 'correct horse battery staple';

/** A test app with a stopped clock on a database of its own. To the database it can look like several processes. */
export interface FlowApp {
  readonly app: App;
  readonly clock: MovableClock;
  readonly mailbox: Mailbox;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  another(): Promise<App>;
  addUser(email: string, encoded?: string): Promise<string>;
  close(): Promise<void>;
}

export interface FlowAppOptions {
  readonly flags?: Partial<Record<KeyName, unknown>>;
  readonly mailbox?: MailboxOptions;
}

export async function openFlowApp(database: TestDatabase, options: FlowAppOptions = {}): Promise<FlowApp> {
  const mailbox = await startMailbox(options.mailbox);
  // Whole seconds, so that instants in tokens and in mails are the same.
  const clock = clockAt(Math.floor(Date.now() / 1000) * 1000);
  const config = { 'mail.url': mailbox.url, ...options.flags };
  const { app, logs, close } = await createTestApp({ config, clock, database: database.url });
  const silent = createLog({ level: 'error', format: 'json', write: () => undefined, now: clock.now });
  const others: App[] = [];
  return {
    app,
    clock,
    mailbox,
    logs,
    another: async () => {
      const other = await createApp(app.config, { clock, log: silent });
      others.push(other);
      return other;
    },
    addUser: async (email, encoded) => (await addUser(app.usersDb, { email, encoded }, clock.now())).id,
    close: async () => {
      for (const other of others) await other.close();
      await close();
      await mailbox.close();
    },
  };
}
