import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { inspectConfig } from '../../../src/config/load.ts';
import { systemClock } from '../../../src/create-reset.ts';
import type { Db } from '../../../src/db/connect.ts';
import { checkSetup, type Finding } from '../../../src/flows/checks/check-setup.ts';
import { createLog } from '../../../src/log.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { caFile, startMailbox, type Mailbox, type MailboxOptions } from '../../helpers/mailbox.ts';
import { makeSetup, type Setup } from '../../helpers/run-reset.ts';

const silent = createLog({ level: 'error', format: 'text', write: () => undefined, now: () => 0 });

interface Look {
  readonly env?: Record<string, string>;
  readonly isOnline?: boolean;
  readonly clockOffMs?: number;
}

/** What doctor finds in a folder, and how to run the mends that it offers. */
async function examine(folder: string, { env = {}, isOnline = false, clockOffMs = 0 }: Look = {}) {
  const require = ['database', 'baseUrl', 'secret', 'mail.url', 'mail.from'] as const;
  const inspected = await inspectConfig({ env, cwd: folder, require });
  const clock = { now: () => systemClock.now() + clockOffMs };
  const open = () => createApp(inspected.config, { clock, log: silent, isSetup: true, mayCreate: false });
  const findings: Finding[] = [];
  for await (const finding of checkSetup({ inspected, clock, open, isOnline })) findings.push(finding);
  return { findings, open };
}

const bad = (findings: readonly Finding[]) => findings.filter(({ status }) => status !== 'ok');
const key = () => randomBytes(32).toString('hex');

/** A set-up that is broken in one way: what doctor says, what doctor says to do, and the remedy. */
interface Case {
  readonly name: string;
  readonly breakIt: (setup: Setup, mailbox: Mailbox) => Promise<Look | void>;
  readonly check: string;
  readonly status?: 'warning';
  readonly says: RegExp;
  /** what message or remedy tells to do */
  readonly tells: RegExp;
  /** without it, the remedy that `--fix` runs */
  readonly remedy?: (setup: Setup, mailbox: Mailbox) => Promise<Look | void>;
  readonly mailbox?: MailboxOptions;
}

const configured = (broken: Record<string, unknown>, mended: Record<string, unknown>) => ({
  breakIt: (setup: Setup) => setup.configure(broken),
  remedy: (setup: Setup) => setup.configure(mended),
});

const sql = (broken: (db: Db) => Promise<unknown>, mended?: (db: Db) => Promise<unknown>) => ({
  breakIt: async (setup: Setup) => void (await broken(await setup.open())),
  ...(mended && { remedy: async (setup: Setup) => void (await mended(await setup.open())) }),
});

const template = (name: string, text: string, mended = '') => ({
  breakIt: async (setup: Setup) => {
    const folder = join(setup.folder, 'templates');
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
    await setup.configure({ templates: folder });
  },
  remedy: async (setup: Setup) =>
    mended === ''
      ? setup.configure({ templates: undefined })
      : writeFile(join(setup.folder, 'templates', name), mended),
});

const smtp = (query = '') => ({
  breakIt: (setup: Setup, mailbox: Mailbox) => setup.configure({ 'mail.url': `${mailbox.url}${query}` }),
});

const CASES: readonly Case[] = [
  {
    name: 'no database named',
    check: 'configuration',
    says: /database .*is not set/,
    tells: /RESET_DATABASE/,
    breakIt: (setup) => setup.configure({ database: undefined }),
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'a database of another kind',
    check: 'configuration',
    says: /database .*must be sqlite:/,
    tells: /postgres:/,
    breakIt: (setup) => setup.configure({ database: 'oracle://db' }),
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'a database file that is not there',
    check: 'database',
    says: /There is no database file/,
    tells: /Check the path/,
    breakIt: (setup) => setup.configure({ database: 'sqlite:/nowhere/app.db' }),
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'a file that is no database',
    check: 'database',
    says: /not an SQLite database/,
    tells: /Check the file/,
    breakIt: async (setup) => {
      await writeFile(join(setup.folder, 'notes.db'), 'x'.repeat(5000));
      await setup.configure({ database: `sqlite:${join(setup.folder, 'notes.db')}` });
    },
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'tables that are not migrated',
    check: 'tables',
    says: /missing or old: 0006/,
    tells: /reset migrate/,
    ...sql(async (db) => {
      await db.schema.dropTable('reset_smoke');
      await db('reset_migrations').where({ name: '0006_smoke.js' }).delete();
    }),
  },
  {
    name: 'tables of a newer release',
    check: 'tables',
    says: /newer release/,
    tells: /npm install/,
    ...sql(
      (db) => db('reset_migrations').insert({ name: '9999_later.js', batch: 9 }),
      (db) => db('reset_migrations').where({ name: '9999_later.js' }).delete(),
    ),
  },
  {
    name: 'a preset that does not exist',
    check: 'users table',
    says: /no preset "wordpres"/,
    tells: /mean wordpress/,
    ...configured({ 'users.preset': 'wordpres' }, { 'users.preset': undefined }),
  },
  {
    name: 'a table that does not exist',
    check: 'users table',
    says: /no table user /,
    tells: /mean users/,
    ...configured({ 'users.table': 'user' }, { 'users.table': 'users' }),
  },
  {
    name: 'a column that does not exist',
    check: 'users table',
    says: /no column e_mail/,
    tells: /mean email/,
    ...configured({ 'users.email': 'e_mail' }, { 'users.email': 'email' }),
  },
  {
    name: 'an id that is not unique',
    check: 'users table',
    says: /neither primary key nor unique/,
    tells: /users\.id|could reach/,
    ...configured({ 'users.id': 'username' }, { 'users.id': undefined }),
  },
  {
    name: 'an e-mail column that holds numbers',
    check: 'users table',
    says: /column id is not text/,
    tells: /users\.email/,
    ...configured({ 'users.email': 'id' }, { 'users.email': undefined }),
  },
  {
    name: 'two users on one address',
    check: 'users table',
    status: 'warning',
    says: /1 addresses belong to more than one/,
    tells: /--id/,
    ...sql(
      (db) => db('users').insert({ email: 'SUSAN@example.com' }),
      (db) => db('users').where({ email: 'SUSAN@example.com' }).delete(),
    ),
  },
  {
    name: 'an empty users table',
    check: 'users table',
    status: 'warning',
    says: /no users yet/,
    tells: /reset user add/,
    ...sql(
      (db) => db('users').delete(),
      (db) => db('users').insert({ email: 'new@example.com', password_hash: null }),
    ),
  },
  {
    name: 'hashes that nobody knows',
    check: 'passwords',
    says: /1 of the newest rows/,
    tells: /reset hashes/,
    ...sql(
      (db) => db('users').insert({ email: 'odd@example.com', password_hash: 'odd' }),
      (db) => db('users').where({ password_hash: 'odd' }).delete(),
    ),
  },
  {
    name: 'a hash format that does not exist',
    check: 'passwords',
    says: /no hash format "bcript"/,
    tells: /Known: .*bcrypt/,
    ...configured({ 'users.hash': 'bcript' }, { 'users.hash': 'bcrypt' }),
  },
  {
    name: 'a hash format that is only read',
    check: 'passwords',
    says: /md5 is read only/,
    tells: /set users\.hash/,
    ...configured({ 'users.hash': 'md5' }, { 'users.hash': 'auto' }),
  },
  {
    name: 'a hash format that the rows have not got',
    check: 'passwords',
    status: 'warning',
    says: /argon2 would be written, and no row has it/,
    tells: /users\.hash to auto/,
    ...configured({ 'users.hash': 'argon2' }, { 'users.hash': 'auto' }),
  },
  {
    name: 'a trigger that takes the hash away',
    check: 'passwords',
    says: /something else than what was written/,
    tells: /triggers/,
    ...sql(
      (db) =>
        db.raw(
          `create trigger eat after update on users begin update users set password_hash = 'x' where id = new.id; end`,
        ),
      (db) => db.raw('drop trigger eat'),
    ),
  },
  {
    name: 'no key',
    check: 'configuration',
    says: /secret .*is not set/,
    tells: /RESET_SECRET/,
    ...configured({ secret: undefined }, { secret: `hex:${key()}` }),
  },
  {
    name: 'a short key',
    check: 'configuration',
    says: /has 8 bytes, 32 are the fewest/,
    tells: /reset keygen/,
    ...configured({ secret: 'hex:0123456789abcdef' }, { secret: `hex:${key()}` }),
  },
  {
    name: 'the same key twice',
    check: 'configuration',
    says: /same key twice/,
    tells: /Remove one/,
    ...configured(
      { secret: [`hex:${'0123456789abcdef'.repeat(4)}`, `hex:${'0123456789abcdef'.repeat(4)}`] },
      { secret: `hex:${key()}` },
    ),
  },
  {
    name: 'a key file that others can read',
    check: 'configuration',
    says: /can be read by others \(mode 0644\)/,
    tells: /chmod 600/,
    breakIt: async (setup) => {
      const file = join(setup.folder, 'reset.key');
      await writeFile(file, `hex:${key()}`);
      await chmod(file, 0o644);
      await setup.configure({ secret: `file:${file}` });
    },
  },
  {
    name: 'a config file with a key in it that others can read',
    check: 'configuration',
    status: 'warning',
    says: /holds a key or password/,
    tells: /chmod 600/,
    breakIt: (setup) => chmod(join(setup.folder, 'reset.config.json'), 0o644),
  },
  {
    name: 'links that live for days',
    check: 'signing key',
    status: 'warning',
    says: /live for 72 hours/,
    tells: /24h or less/,
    ...configured({ 'token.expiresIn': '72h' }, { 'token.expiresIn': '12h' }),
  },
  {
    name: 'a base URL without TLS',
    check: 'configuration',
    says: /must begin with https/,
    tells: /https/,
    ...configured({ baseUrl: 'http://accounts.example.com' }, { baseUrl: 'https://accounts.example.com' }),
  },
  {
    name: 'a base URL of this machine',
    check: 'base URL',
    status: 'warning',
    says: /on this machine only/,
    tells: /https address/,
    ...configured({ baseUrl: 'http://127.0.0.1:8025' }, { baseUrl: 'https://accounts.example.com' }),
  },
  {
    name: 'a base URL where nobody answers',
    check: 'base URL',
    says: /healthz does not answer/,
    tells: /reset serve/,
    breakIt: async (setup) => {
      await setup.configure({ baseUrl: 'http://127.0.0.1:9' });
      return { isOnline: true };
    },
    remedy: (setup) => setup.configure({ baseUrl: 'https://accounts.example.com' }),
  },
  {
    name: 'a key of the file that is none of ours',
    check: 'configuration',
    says: /baseURL .*not a key of ours/,
    tells: /mean "baseUrl"/,
    ...configured({ baseURL: 'https://x.example' }, { baseURL: undefined }),
  },
  {
    name: 'a sender that is none',
    check: 'configuration',
    says: /mail\.from .*neither/,
    tells: /like: Example </,
    ...configured({ 'mail.from': 'Example <nobody' }, { 'mail.from': 'a@example.com' }),
  },
  {
    name: 'no mail server',
    check: 'configuration',
    says: /mail\.url .*is not set/,
    tells: /RESET_MAIL_URL/,
    breakIt: (setup) => setup.configure({ 'mail.url': undefined }),
    remedy: (setup) => setup.configure({ 'mail.url': `file:${setup.mailbox}` }),
  },
  {
    name: 'a mail server that does not answer',
    check: 'mail server',
    says: /Nothing listens at /,
    tells: /Check mail\.url/,
    breakIt: (setup) => setup.configure({ 'mail.url': 'smtp://127.0.0.1:9' }),
    remedy: smtp().breakIt,
  },
  {
    name: 'a mail server that refuses the login',
    check: 'mail server',
    says: /credentials invalid/,
    tells: /user and password in mail\.url/,
    mailbox: { auth: { user: 'app', password: 'right' } },
    breakIt: (setup, { port }) => setup.configure({ 'mail.url': `smtp://app:wrong@127.0.0.1:${port}` }),
    remedy: (setup, { port }) => setup.configure({ 'mail.url': `smtp://app:right@127.0.0.1:${port}` }),
  },
  {
    name: 'a mail server without TLS',
    check: 'mail server',
    says: /command not recognized/,
    tells: /tls=none/,
    ...smtp('?tls=required'),
    remedy: smtp('?tls=none').breakIt,
  },
  {
    name: 'a mail server with a certificate that nobody knows',
    check: 'mail server',
    says: /certificate/,
    tells: /\?ca=FILE/,
    mailbox: { tls: 'starttls' },
    breakIt: (setup, { port }) => setup.configure({ 'mail.url': `smtp://localhost:${port}?tls=required` }),
    remedy: (setup, { port }) => setup.configure({ 'mail.url': `smtp://localhost:${port}?ca=${caFile}` }),
  },
  {
    name: 'a mail server that refuses the mail',
    check: 'mail server',
    says: /is refused: 550/,
    tells: /--to/,
    mailbox: { onRcpt: () => ({ code: 550, text: 'not from you' }) },
    ...smtp(),
    remedy: (setup) => setup.configure({ 'mail.url': `file:${setup.mailbox}` }),
  },
  {
    name: 'a mail server that is busy',
    check: 'mail server',
    status: 'warning',
    says: /is refused: 450/,
    tells: /--to/,
    mailbox: { onRcpt: () => ({ code: 450, text: 'later' }) },
    ...smtp(),
    remedy: (setup) => setup.configure({ 'mail.url': `file:${setup.mailbox}` }),
  },
  {
    name: 'a template folder that is not there',
    check: 'configuration',
    says: /no folder \/nowhere/,
    tells: /create the folder/,
    ...configured({ templates: '/nowhere' }, { templates: undefined }),
  },
  {
    name: 'a template without the link',
    check: 'templates',
    says: /mail\/reset\/text leaves out the link/,
    tells: /Print `link`/,
    ...template('mail/reset/text.ejs', 'Good for <%= duration %>.', '<%= link %>\n<%= duration %>'),
  },
  {
    name: 'a template that is broken',
    check: 'templates',
    says: /subject\.ejs.* is broken/,
    tells: /correct it in/,
    ...template('mail/notice/subject.ejs', '<%= nobody.knows %>', 'Changed'),
  },
  {
    name: 'a template that promises another life than the link has',
    check: 'templates',
    says: /mail\/reset\/text does not say how long/,
    tells: /Print duration or expiresAt/,
    ...template(
      'mail/reset/text.ejs',
      '<%= link %>\nGood for 24 hours.',
      '<%= link %>\nGood for <%= duration %>.',
    ),
  },
  {
    name: 'a page that is broken',
    check: 'templates',
    says: /page\/reset\.ejs/,
    tells: /correct it in/,
    ...template('page/reset.ejs', '<% if ( { %>'),
  },
  {
    name: 'a template whose name is misspelt',
    check: 'templates',
    status: 'warning',
    says: /overrides nothing/,
    tells: /rename it to mail\/reset\/text\.ejs/,
    ...template('mail/reset/txt.ejs', 'x'),
  },
  {
    name: 'a clock that is off',
    check: 'clock',
    says: /clock is 300 s behind/,
    tells: /timedatectl/,
    breakIt: async () => ({ clockOffMs: 300_000 }),
    remedy: async () => ({ clockOffMs: 0 }),
  },
  {
    name: 'a clock that is a little off',
    check: 'clock',
    status: 'warning',
    says: /clock is 10 s ahead/,
    tells: /timedatectl/,
    breakIt: async () => ({ clockOffMs: -10_000 }),
    remedy: async () => ({ clockOffMs: 0 }),
  },
  {
    name: 'mails that nobody delivers',
    check: 'outbox',
    status: 'warning',
    says: /1 mail\(s\) are waiting, the oldest for 60 minutes/,
    tells: /reset worker/,
    ...sql(
      (db) => db('reset_outbox').insert({ ...row, state: 'queued', due_at: Date.now() - 3_600_000 }),
      (db) => db('reset_outbox').delete(),
    ),
  },
  {
    name: 'mails that failed',
    check: 'outbox',
    status: 'warning',
    says: /1 mail\(s\) failed/,
    tells: /reset status --since 24h/,
    ...sql(
      (db) => db('reset_outbox').insert({ ...row, state: 'failed', due_at: 0, settled_at: Date.now() }),
      (db) => db('reset_outbox').delete(),
    ),
  },
];

const row = {
  request_id: 'r',
  kind: 'reset',
  user_id: '1',
  actor_kind: 'operator',
  actor_name: 'x',
  expires_in_s: 60,
  created_at: 0,
};

describe('the doctor and a set-up with', () => {
  it('nothing wrong finds nothing wrong', async () => {
    const { folder } = await makeSetup();
    expect(bad((await examine(folder)).findings)).toEqual([]);
  });

  it.each(CASES)('$name: names it, and its remedy works', async (test) => {
    const setup = await makeSetup();
    const mailbox = await startMailbox(test.mailbox);
    try {
      const look = (await test.breakIt(setup, mailbox)) ?? {};
      const { findings, open } = await examine(setup.folder, look);
      const found = bad(findings).find(
        ({ check, message }) => check === test.check && test.says.test(message),
      );
      expect(found ?? bad(findings)).toBe(found);
      expect(found?.status).toBe(test.status ?? 'failure');
      expect(`${found?.message}\n${found?.remedy}`).toMatch(test.tells);
      let mended: Look | void = undefined;
      if (test.remedy) mended = await test.remedy(setup, mailbox);
      else await found?.fix?.(open);
      expect(bad((await examine(setup.folder, mended ?? {})).findings)).toEqual([]);
      expect(mailbox.messages).toEqual([]);
    } finally {
      await mailbox.close();
    }
  });
});

eachDatabase('the doctor', (openDatabase, dialect) => {
  const opened: Db[] = [];
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.destroy();
  });
  const start = async (): Promise<{ setup: Setup; database: TestDatabase }> => {
    const [setup, database] = [await makeSetup(), await openDatabase()];
    await setup.configure({ database: database.url });
    const { open } = await examine(setup.folder);
    const app = await open();
    const { migrateDatabase } = await import('../../../src/flows/setup/migrate-database.ts');
    await migrateDatabase(app);
    await app.close();
    await database.db('users').insert({
      email: 'susan@example.com',
      password_hash: '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK',
    });
    return { setup, database };
  };
  const failures = (findings: readonly Finding[]) => findings.filter(({ status }) => status === 'failure');

  it('finds nothing broken, and leaves every row as it was', async () => {
    const { setup, database } = await start();
    const before = await database.db('users');
    const { findings } = await examine(setup.folder);
    expect(failures(findings)).toEqual([]);
    expect(
      findings.some(({ message }) =>
        message.includes('written to user 1, read back, accepted, and rolled back'),
      ),
    ).toBe(true);
    expect(await database.db('users')).toEqual(before);
  });

  if (dialect !== 'sqlite') {
    it('names a password column that is too narrow, with the statement that widens it', async () => {
      const { setup, database } = await start();
      await database.db('users').update({ password_hash: null });
      await database.db.schema.alterTable('users', (table) => void table.string('password_hash', 40).alter());
      const [found] = failures((await examine(setup.folder)).findings);
      expect(found?.message).toMatch(/takes 40 characters, and this hash has 60/);
      await database.db.raw(/alter table .*/.exec(found?.message ?? '')?.[0] ?? '');
      expect(failures((await examine(setup.folder)).findings)).toEqual([]);
    });

    it('says which rights are missing, as the SQL that grants them', async () => {
      const { setup, database } = await start();
      const name = `reset_role_${randomBytes(4).toString('hex')}`;
      const { db } = database;
      const url = new URL(database.url);
      const schema = url.pathname.slice(1);
      const statements =
        dialect === 'postgres'
          ? [`create role ${name} login password 'pw'`]
          : [
              `create user '${name}'@'127.0.0.1' identified by 'pw'`,
              `grant select on \`${schema}\`.reset_migrations to '${name}'@'127.0.0.1'`,
            ];
      for (const statement of statements) await db.raw(statement);
      try {
        url.username = name;
        url.password = 'pw';
        for (let round = 0; round < 12; round += 1) {
          await setup.configure({ database: url.href });
          const found = failures((await examine(setup.folder)).findings);
          if (found.length === 0) break;
          const grants = found
            .flatMap(({ remedy }) => (remedy ?? '').split('\n'))
            .filter((line) => line.startsWith('grant '));
          expect(grants.length === 0 ? found : []).toEqual([]);
          for (const grant of grants) await db.raw(grant);
        }
        expect(bad((await examine(setup.folder)).findings)).toEqual([]);
      } finally {
        if (dialect === 'postgres') await db.raw(`drop owned by ${name}`);
        await db.raw(dialect === 'postgres' ? `drop role ${name}` : `drop user '${name}'@'127.0.0.1'`);
      }
    });

    it('names a wrong port, an unknown database, a wrong login, and missing TLS', async () => {
      const { setup, database } = await start();
      const url = (change: (url: URL) => void): string => {
        const copy = new URL(database.url);
        change(copy);
        return copy.href;
      };
      const cases: [string, RegExp][] = [
        [url((u) => void (u.port = '9')), /cannot be reached.*host and port/],
        [url((u) => void (u.pathname = '/nowhere_at_all')), /no such database/],
        [
          url((u) => {
            u.hostname = 'localhost';
            u.searchParams.set('sslmode', 'verify-full');
          }),
          /offers no TLS|cannot be trusted/,
        ],
      ];
      if (dialect === 'mysql')
        cases.push([url((u) => void (u.username = 'nobody')), /refuses this user or password/]);
      for (const [address, says] of cases) {
        await setup.configure({ database: address });
        expect(
          failures((await examine(setup.folder)).findings)
            .map(({ message }) => message)
            .join(),
        ).toMatch(says);
      }
    });
  }
});
