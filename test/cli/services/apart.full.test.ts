import { expect, it, onTestFinished } from 'vitest';
import { listTables } from '../../../src/db/introspect.ts';
import { eachPair, type TestDatabase } from '../../helpers/databases.ts';
import { killBefore, type Statement } from '../../helpers/kill-before.ts';
import { startMailbox, type Mailbox } from '../../helpers/mailbox.ts';
import {
  goodPassword,
  makeFolder,
  makeSetup,
  runReset,
  type Setup,
  succeed,
  susan,
} from '../../helpers/run-reset.ts';
import { postForm, startReset, startServe } from '../../helpers/start-reset.ts';

interface Site {
  readonly database: TestDatabase;
  readonly setup: Setup;
  readonly mailbox: Mailbox;
}

async function makeSite(database: TestDatabase): Promise<Site> {
  const mailbox = await startMailbox();
  onTestFinished(() => mailbox.close());
  return { database, mailbox, setup: await makeSetup({ database: database.url, 'mail.url': mailbox.url }) };
}

const hashOf = async ({ db }: TestDatabase): Promise<unknown> =>
  ((await db('users').where({ email: susan.email }).first('password_hash')) as { password_hash: string })
    .password_hash;

/** After the reset in the users' database, before its COMMIT in ours. */
const BETWEEN: Statement = { sql: '^COMMIT', after: '^delete from .reset_intents' };

/** A reset that is written, and nothing of it in our tables. */
async function leaveReset({ database, setup }: Site): Promise<void> {
  const args = ['apply', await setup.issue(), '--password-stdin'];
  const input = `${goodPassword}\n`;
  await killBefore(args, { url: database.ledgerUrl, ...BETWEEN }, { cwd: setup.folder, input });
  expect(await hashOf(database)).not.toBe(susan.encoded);
  expect(await database.ledger('reset_intents').update({ created_at: 0 })).toBe(1);
}

/** Where a run of smoke dies: a statement to our own database. */
const SMOKE_DEATHS: readonly (Statement & { readonly name: string })[] = [
  { name: 'the rest of its reset is committed', ...BETWEEN },
  { name: 'the journal is emptied', sql: '^delete from .reset_smoke' },
  { name: 'the emptied journal is committed', sql: '^COMMIT', after: '^delete from .reset_smoke' },
];

eachPair('services with our own tables in another database', (open) => {
  it('serve: a link is asked for, mailed and used, and the person is told', async () => {
    const { database, setup, mailbox } = await makeSite(await open());
    const served = await startServe(setup);
    expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
    const asked = await postForm(`${served.url}/reset_password_request`, { email: susan.email });
    expect(asked.status).toBe(303);
    const [mail] = await mailbox.waitFor(1, 60_000);
    const token = /\/reset_password\/(eyJ\S+)/.exec(mail?.parsed.text ?? '')?.[1] ?? '';
    const page = `${served.url}/reset_password/${token}`;
    const fields = { password: goodPassword, password2: goodPassword };
    expect((await postForm(page, fields)).status).toBe(303);
    expect((await postForm(page, fields)).status).toBe(410);
    await mailbox.waitFor(2, 60_000);
    expect(await served.stop()).toBe(0);
    expect(await hashOf(database)).not.toBe(susan.encoded);
    expect(await database.ledger('reset_audit').where({ event: 'password_changed' })).toHaveLength(1);
    expect((await listTables(database.db)).filter((name) => name.startsWith('reset_'))).toEqual([]);
  });

  it.each([['worker'], ['serve', '--port', '0']])('%s finishes what a dead process left', async (...args) => {
    const site = await makeSite(await open());
    await leaveReset(site);
    const service = startReset(site.setup, args);
    await site.mailbox.waitFor(1, 60_000);
    expect(site.mailbox.messages[0]?.parsed.text).not.toContain('/reset_password/');
    await expect
      .poll(() => site.database.ledger('reset_outbox').pluck('state'), { timeout: 60_000 })
      .toEqual(['sent']);
    expect(await service.stop()).toBe(0);
    expect(await site.database.ledger('reset_intents')).toEqual([]);
    expect(await site.database.ledger('reset_tokens').pluck('state')).toEqual(['used']);
  });

  it('cleanup removes what is old, and no user', async () => {
    const { database, setup } = await makeSite(await open());
    await succeed(setup.run(['send', susan.email]));
    await succeed(setup.apply(await setup.issue()));
    await database.ledger('reset_outbox').update({ settled_at: 1 });
    const users = await setup.dump('users');
    const cleaned = await succeed(setup.run(['cleanup', '--older-than', '1d', '--json']));
    expect(cleaned.rows()).toMatchObject([{ mails: 2 }]);
    expect(await database.ledger('reset_outbox')).toEqual([]);
    expect(await setup.dump('users')).toBe(users);
  });

  it('smoke goes through, and leaves the user and its journal as they were', async () => {
    const { database, setup } = await makeSite(await open());
    await setup.configure({ 'smoke.user': susan.email });
    const { stdout } = await succeed(setup.run(['smoke']));
    expect(stdout).toContain('the user is as before: user 1 has the old hash again');
    expect(await hashOf(database)).toBe(susan.encoded);
    expect(await database.ledger('reset_smoke')).toEqual([]);
  });

  it.each(SMOKE_DEATHS)('smoke that dies before $name is put right by the next run', async (statement) => {
    const { database, setup } = await makeSite(await open());
    await setup.configure({ 'smoke.user': susan.email });
    await killBefore(['smoke'], { url: database.ledgerUrl, ...statement }, { cwd: setup.folder });
    expect(await database.ledger('reset_smoke')).toHaveLength(1);
    await succeed(setup.run(['smoke']));
    expect(await hashOf(database)).toBe(susan.encoded);
    expect(await database.ledger('reset_smoke')).toEqual([]);
    expect(await database.ledger('reset_intents')).toEqual([]);
    expect(await database.ledger('reset_tokens').where({ state: 'live' })).toEqual([]);
    expect(await database.ledger('reset_audit').where({ event: 'password_changed' })).toHaveLength(2);
  });

  it('demo keeps to its own folder', async () => {
    const { database } = await makeSite(await open());
    const env = { RESET_LEDGER: database.ledgerUrl, RESET_DATABASE: database.url };
    await succeed(runReset(['demo', '--once'], { cwd: await makeFolder(), env }));
    expect(await database.ledger('reset_audit')).toEqual([]);
    expect(await database.ledger('reset_tokens')).toEqual([]);
  });
});
