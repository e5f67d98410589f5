import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { createApp, type App } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { chooseMailServer, nameMailServer } from '../../../src/config/mail-server.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { migrateDatabase } from '../../../src/flows/setup/migrate-database.ts';
import { runSmoke } from '../../../src/flows/smoke/run-smoke.ts';
import type { StepResult } from '../../../src/flows/smoke/steps.ts';
import { startListener } from '../../../src/http/listen.ts';
import { createLog } from '../../../src/log.ts';
import { parseMail } from '../../../src/mail/read-mail.ts';
import { addUser } from '../../../src/users/writing/add-user.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { startMailbox, type Mailbox } from '../../helpers/mailbox.ts';
import { clockAt, type MovableClock } from '../flow-app.ts';
import { ledgerOf } from '../../helpers/ledger-of.ts';

const encoded = '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK';
const log = createLog({ level: 'error', format: 'json', write: () => undefined, now: () => 0 });

interface Opened {
  /** in the config file (or what a program says instead) */
  readonly file?: string;
  readonly env?: string;
  readonly flag?: string;
  readonly isRun?: boolean;
}

interface Scene {
  readonly mailbox: () => Promise<Mailbox>;
  /** a process on the scene's database, whose mail server is named in one or several places */
  readonly open: (where: Opened) => Promise<App>;
  readonly queue: (app: App, email: string) => Promise<void>;
  readonly work: (app: App) => Promise<void>;
  readonly states: () => Promise<unknown>;
  readonly clock: MovableClock;
}

async function makeScene(database: TestDatabase): Promise<Scene> {
  const clock = clockAt(Date.now());
  const secret = `hex:${randomBytes(32).toString('hex')}`;
  const open = async ({ file, env, flag, isRun = false }: Opened): Promise<App> => {
    const config = await loadConfig({
      cwd: null,
      settings: {
        database: database.url,
        ledger: ledgerOf(database.url),
        baseUrl: 'https://accounts.example.test',
        secret,
        mail: { from: 'noreply@example.test', ...(file === undefined ? {} : { url: file }) },
        server: { port: 0 },
      },
      ...(env === undefined ? {} : { env: { RESET_MAIL_URL: env } }),
      ...(flag === undefined ? {} : { flags: { 'mail.url': flag } }),
    });
    const app = await createApp(config, { clock, log, isSetup: true, isRun });
    onTestFinished(() => app.close());
    await migrateDatabase(app);
    return app;
  };
  return {
    clock,
    open,
    mailbox: async () => {
      const mailbox = await startMailbox();
      onTestFinished(() => mailbox.close());
      return mailbox;
    },
    queue: async (app, email) => {
      const { id } = await addUser(app.usersDb, { email, encoded }, clock.now());
      await requestReset(app, { identifier: { id }, actor: app.operator, bucket: null });
    },
    work: (app) => runWorker(app, { signal: AbortSignal.timeout(20_000), once: true }),
    states: () => database.ledger('reset_outbox').select('state', 'reason').orderBy('id'),
  };
}

const recipients = ({ messages }: Mailbox) => messages.flatMap(({ envelope }) => envelope.to).sort();

eachDatabase('a queued mail goes through the mail server it was meant for', (openDatabase) => {
  it('and not through that of another flag or environment, whichever of them asks first', async () => {
    const { mailbox, open, queue, work } = await makeScene(await openDatabase());
    const [own, other, third] = [await mailbox(), await mailbox(), await mailbox()];
    const setup = await open({ file: own.url });
    const flagged = await open({ file: own.url, flag: other.url });
    const staging = await open({ file: own.url, env: third.url });
    const run = await open({ file: own.url, isRun: true });
    await queue(setup, 'setup@example.test');
    await queue(flagged, 'flag@example.test');
    await queue(staging, 'staging@example.test');
    await queue(run, 'run@example.test');
    for (const app of [flagged, staging, setup]) await work(app);
    expect(recipients(own)).toEqual(['setup@example.test']);
    expect(recipients(other)).toEqual(['flag@example.test']);
    expect(recipients(third)).toEqual(['staging@example.test']);
    await work(run);
    expect(recipients(own)).toEqual(['run@example.test', 'setup@example.test']);
  });

  it('and not through a run with its own mail server', async () => {
    const { mailbox, open, queue, work, states } = await makeScene(await openDatabase());
    const [own, capture] = [await mailbox(), await mailbox()];
    const setup = await open({ file: own.url });
    const run = await open({ file: own.url, flag: capture.url, isRun: true });
    await queue(setup, 'susan@example.test');
    await work(run);
    expect(await states()).toEqual([{ state: 'queued', reason: null }]);
    expect(capture.messages).toEqual([]);
  });

  it('also when the operator has corrected mail.url meanwhile, and when it was queued by an older release', async () => {
    const { mailbox, open, queue, work } = await makeScene(await openDatabase());
    const own = await mailbox();
    const before = await open({ file: 'smtp://127.0.0.1:1' });
    await queue(before, 'susan@example.test');
    await queue(before, 'john@example.test');
    await before.ledger('reset_outbox').where({ user_id: '1' }).update({ route: null });
    await work(await open({ file: own.url }));
    expect(recipients(own)).toEqual(['john@example.test', 'susan@example.test']);
  });

  it('and is settled as expired when nothing is left that could send it', async () => {
    const { mailbox, open, queue, work, states, clock } = await makeScene(await openDatabase());
    const own = await mailbox();
    const setup = await open({ file: own.url });
    await queue(await open({ file: own.url, isRun: true }), 'run@example.test');
    await queue(await open({ file: own.url, flag: 'smtp://127.0.0.1:1' }), 'flag@example.test');
    await work(setup);
    const waits = { state: 'queued', reason: null };
    expect(await states()).toEqual([waits, waits]);
    clock.advance(2 * 3_600_000);
    await work(setup);
    const expired = { state: 'skipped', reason: 'expired' };
    expect(await states()).toEqual([expired, waits]);
    clock.advance(24 * 3_600_000);
    await work(setup);
    expect(await states()).toEqual([expired, expired]);
    expect(own.messages).toEqual([]);
    expect(await setup.ledger('reset_audit').where({ event: 'mail_skipped' })).toHaveLength(2);
  });

  it('while smoke runs beside a worker: each has its own mails, and every step is ok', async () => {
    const { mailbox, open, queue } = await makeScene(await openDatabase());
    const [own, capture] = [await mailbox(), await mailbox()];
    const setup = await open({ file: own.url });
    const run = await open({ file: own.url, flag: capture.url, isRun: true });
    await addUser(setup.usersDb, { email: 'canary@example.test', encoded }, Date.now());
    const ending = new AbortController();
    const worker = runWorker(setup, { signal: ending.signal });
    await queue(setup, 'susan@example.test');
    try {
      const steps: StepResult[] = [];
      for await (const step of runSmoke({
        app: run,
        email: 'canary@example.test',
        isAllowed: true,
        timeoutMs: 20_000,
        signal: ending.signal,
        startPages: () => startListener(run),
        receive: async (id) => {
          await capture.waitFor(1);
          const found = capture.messages.find(({ parsed }) => parsed.messageId === id);
          return parseMail(Buffer.from(found?.raw ?? ''));
        },
        canSeeNotice: true,
        hasOwnMailServer: true,
      }))
        steps.push(step);
      expect(steps.filter(({ status }) => status !== 'ok')).toEqual([]);
      await own.waitFor(1);
    } finally {
      ending.abort();
      await worker;
    }
    expect(recipients(own)).toEqual(['susan@example.test']);
    expect(recipients(capture)).toEqual(['canary@example.test', 'canary@example.test']);
  });
});

describe('two mail URLs name one mail server', () => {
  const names = Object.entries({
    'smtp://user:secret@mail.example.com:587?tls=none': 'smtp://mail.example.com:587',
    'smtps://MAIL.example.com': 'smtp://mail.example.com:465',
    'smtp://127.0.0.1:25': 'smtp://localhost:25',
    'smtp://[::1]:25': 'smtp://localhost:25',
    'file:/var/mailbox/': 'file:/var/mailbox',
  });
  test.each(names)('%s is %s', (url, name) => {
    expect(nameMailServer(url)).toBe(name);
  });

  const flag = (url: string) => ({ url, isFlag: true });
  const place = (url: string) => ({ url, isFlag: false });
  test.each([
    ['the file alone', [place('smtp://a:25')], 'setup'],
    ['a flag that says the same', [flag('smtp://u:p@a:25'), place('smtp://a:25')], 'setup'],
    ['a flag that says otherwise', [flag('smtp://b:25'), place('smtp://a:25')], 'override'],
    ['a variable that says otherwise', [place('smtp://b:25'), place('smtp://a:25')], 'override'],
    ['a flag alone', [flag('smtp://b:25')], 'flag'],
    ['nothing', [], 'setup'],
    ['a flag over something broken', [flag('smtp://b:25'), place('nonsense')], 'override'],
  ] as const)('%s', (_title, layers, choice) => {
    expect(chooseMailServer(layers)).toBe(choice);
  });
});
