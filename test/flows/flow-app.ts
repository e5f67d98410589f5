import { randomBytes } from 'node:crypto';
import { createApp, type App } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { KeyName } from '../../src/config/schema.ts';
import { migrateDatabase } from '../../src/flows/migrate-database.ts';
import { createLog } from '../../src/log.ts';
import type { Actor } from '../../src/types.ts';
import { addUser } from '../../src/users/manage.ts';
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

export interface FlowApp {
  readonly app: App;
  readonly clock: MovableClock;
  readonly mailbox: Mailbox;
  /** the log lines so far */
  readonly lines: string[];
  /** a second process, as far as the database can tell */
  another(): Promise<App>;
  addUser(email: string, encoded?: string): Promise<string>;
  close(): Promise<void>;
}

export interface FlowAppOptions {
  readonly flags?: Partial<Record<KeyName, unknown>>;
  readonly mailbox?: MailboxOptions;
  readonly startAt?: number;
}

/** An application on a test's database: migrated, with a real mail server. */
export async function openFlowApp(database: TestDatabase, options: FlowAppOptions = {}): Promise<FlowApp> {
  const mailbox = await startMailbox(options.mailbox);
  // Whole seconds, so that instants in tokens and in mails are the same.
  const clock = clockAt(options.startAt ?? Math.floor(Date.now() / 1000) * 1000);
  const config = await loadConfig({
    cwd: null,
    flags: {
      database: database.url,
      baseUrl: 'https://accounts.example.com',
      secret: `hex:${randomBytes(32).toString('hex')}`,
      'mail.url': mailbox.url,
      'mail.from': 'Accounts <accounts@example.com>',
      appName: 'Example',
      ...options.flags,
    },
  });
  const lines: string[] = [];
  const log = createLog({
    level: 'debug',
    format: 'json',
    write: (line) => lines.push(line),
    now: clock.now,
  });
  const setup = await createApp(config, { clock, log, isSetup: true });
  await migrateDatabase(setup);
  await setup.close();
  const apps: App[] = [];
  const another = async () => {
    const app = await createApp(config, { clock, log });
    apps.push(app);
    return app;
  };
  const app = await another();
  return {
    app,
    clock,
    mailbox,
    lines,
    another,
    addUser: async (email, encoded) => (await addUser(app.db, { email, encoded }, clock.now())).id,
    close: async () => {
      for (const opened of apps) await opened.close();
      await mailbox.close();
    },
  };
}
