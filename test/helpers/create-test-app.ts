import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'bcrypt';
import { inject } from 'vitest';
import { createApp, type App } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { KeyName } from '../../src/config/schema.ts';
import { systemClock } from '../../src/create-reset.ts';
import { migrateDatabase } from '../../src/flows/setup/migrate-database.ts';
import { createLog } from '../../src/log.ts';
import type { Clock } from '../../src/types.ts';
import { ledgerOf } from './ledger-of.ts';
import { startMailbox, type Mailbox, type MailboxOptions } from './mailbox.ts';
import { removeFolder } from './temporary-folder.ts';

export interface TestAppOptions {
  /** configuration by key, over the defaults below: `{ 'server.port': 0 }` */
  readonly config?: Readonly<Partial<Record<KeyName, unknown>>>;
  readonly clock?: Clock;
  /** URL of a database; a new SQLite file without it */
  readonly database?: string;
  /** changes to the users table before anything looks at it */
  readonly prepare?: (db: App['usersDb']) => Promise<unknown>;
  /** how the mailbox behaves; `config['mail.url']` makes one needless */
  readonly mailbox?: MailboxOptions;
}

export interface TestUser {
  readonly email: string;
  /** hashed with a low cost; none yet if null */
  readonly password?: string | null;
  readonly username?: string;
  readonly locale?: string;
}

export interface TestApp {
  readonly app: App;
  /** what the app sends; undefined when the test names a mail server of its own */
  readonly mailbox: Mailbox | undefined;
  /** parsed JSON log lines */
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  /** a row in the `default` preset's table; gives its id */
  addUser(user: TestUser): Promise<string>;
  /** every row of these tables as text, to see whether anything changed; all our tables and the users without it */
  dump(...tables: string[]): Promise<string>;
  close(): Promise<void>;
}

const TABLES = ['users', 'reset_tokens', 'reset_outbox', 'reset_audit', 'reset_throttle'];

/** A migrated app of one test alone: `default` preset, real mail server on loopback, low-cost hashes. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const clock = options.clock ?? systemClock;
  const folder = await mkdtemp(join(tmpdir(), 'reset-app-'));
  const mailUrl = options.config?.['mail.url'];
  const mailbox = mailUrl === undefined ? await startMailbox(options.mailbox) : undefined;
  const logs: Record<string, unknown>[] = [];
  const config = await loadConfig({
    cwd: null,
    flags: {
      database: options.database ?? `sqlite:${join(folder, 'test.db')}`,
      ledger: ledgerOf(options.database),
      baseUrl: 'https://accounts.example.test',
      secret: `hex:${randomBytes(32).toString('hex')}`,
      'mail.url': mailbox?.url,
      'mail.from': 'Example <noreply@example.test>',
      appName: 'Example',
      ...options.config,
    },
  });
  const log = createLog({
    level: 'debug',
    format: 'json',
    write: (line) => logs.push(JSON.parse(line) as Record<string, unknown>),
    now: () => clock.now(),
  });
  // Only the default preset finds its users where the template has them.
  const isLikeTemplate = options.database === undefined && config.users.preset === 'default';
  if (isLikeTemplate) await copyFile(inject('template'), join(folder, 'test.db'));
  const app = await createApp(config, { clock, log, isSetup: true });
  if (!isLikeTemplate) await migrateDatabase(app);
  await options.prepare?.(app.usersDb);
  return {
    app,
    mailbox,
    logs,
    async addUser({ email, password = 'the old password', username, locale }) {
      const encoded = password === null ? null : await hash(password, 4);
      const row = { email, password_hash: encoded, username: username ?? null, locale: locale ?? null };
      await app.usersDb('users').insert(row);
      return String(((await app.usersDb('users').where({ email }).first('id')) as { id: number }).id);
    },
    async dump(...tables) {
      const rows = [];
      for (const table of tables.length === 0 ? TABLES : tables) {
        const db = table.startsWith('reset_') ? app.ledger : app.usersDb;
        rows.push(table, await db(table).select());
      }
      return JSON.stringify(rows, undefined, 1);
    },
    async close() {
      await app.close();
      await mailbox?.close();
      await removeFolder(folder);
    },
  };
}
