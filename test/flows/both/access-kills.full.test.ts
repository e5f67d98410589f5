import { expect, it } from 'vitest';
import { makeAccessTables } from '../../helpers/access-site.ts';
import { eachPair, type TestDatabase } from '../../helpers/databases.ts';
import { intent, killBeforeStep, unwritten, type WritingStep } from '../../helpers/kill-before.ts';
import { makeSetup, susan, type Setup } from '../../helpers/run-reset.ts';

/** Every statement of an end that writes, in this order. */
const STEPS: readonly WritingStep[] = [
  intent.declared,
  intent.committed,
  intent.held,
  { name: 'the transaction on the users begins', at: 'users', sql: '^BEGIN' },
  { name: 'the first rows are deleted', at: 'users', sql: '^delete from' },
  { name: 'the last rows are deleted', at: 'users', sql: '^delete from', nth: 6 },
  { name: 'the audit is written', at: 'ledger', sql: '^insert into .reset_audit' },
  { name: 'the mail is queued', at: 'ledger', sql: '^insert into .reset_outbox' },
  intent.dropped,
  { name: 'the end is committed', at: 'users', sql: '^COMMIT' },
  intent.followed,
];
const stepBefore = (name: string): WritingStep => STEPS.find((step) => step.name === name)!;
/** Nothing is written, and after it, everything in the users' database. */
const [before, between] = [stepBefore('the end is committed'), stepBefore('the rest is committed')];

/** The same of `send --end`, which also locks the password and queues the link. */
const STEPS_WITH_LINK: readonly WritingStep[] = [
  intent.declared,
  intent.committed,
  intent.held,
  { name: 'the factor ends', at: 'users', sql: '^delete from' },
  { name: 'the password is locked', at: 'users', sql: '^update .auth_user' },
  {
    name: 'the end is audited',
    at: 'ledger',
    sql: '^insert into .reset_audit',
    after: '^update .reset_intents',
  },
  { name: 'the lock is remembered', at: 'ledger', sql: '^insert into .reset_locks' },
  { name: 'the link is queued', at: 'ledger', sql: '^insert into .reset_outbox', nth: 2 },
  intent.dropped,
  before,
  { ...between, after: '^delete from .reset_intents', nth: 1 },
];

const ending = (what: string) => ['access', 'end', susan.email, '--what', what, '--yes', '--json'];

async function diesBefore(
  database: TestDatabase,
  step: WritingStep,
  { preset = 'django', what = 'totp,recovery-codes', command = ending(what) } = {},
): Promise<Setup> {
  await makeAccessTables(database, preset);
  const setup = await makeSetup({ database: database.url, 'users.preset': preset });
  await killBeforeStep(command, database, step, { cwd: setup.folder });
  return setup;
}

/** Her devices and authenticators. */
async function left(database: TestDatabase): Promise<number> {
  const tables = ['otp_totp_totpdevice', 'otp_static_staticdevice', 'mfa_authenticator'];
  const rows = await Promise.all(tables.map((table) => database.db(table).where({ user_id: 1 })));
  return rows.flat().length;
}

/** One line of the audit and one mail say it; nothing is left to do. */
async function expectOneEnd({ ledger }: TestDatabase): Promise<void> {
  expect(await ledger('reset_audit').where({ event: 'access_ended' })).toHaveLength(1);
  expect(await ledger('reset_outbox').where({ kind: 'access' })).toHaveLength(1);
  expect(await ledger('reset_intents')).toEqual([]);
}

async function expectNoEnd({ ledger }: TestDatabase): Promise<void> {
  expect(await ledger('reset_audit').where({ event: 'access_ended' })).toEqual([]);
  expect(await ledger('reset_outbox').where({ kind: 'access' })).toEqual([]);
  expect(await ledger('reset_intents')).toEqual([]);
}

eachPair('an end of access that is killed between two databases', (open) => {
  it.each(unwritten(STEPS))(
    'before $name: nothing has ended, and the same command ends it once',
    async (step) => {
      const database = await open();
      const setup = await diesBefore(database, step);
      const there = await left(database);
      expect(there).toBeGreaterThan(0);
      expect((await setup.run(ending('totp,recovery-codes'))).code).toBe(0);
      expect(await left(database)).toBeLessThan(there);
      await expectOneEnd(database);
    },
  );

  it('before the rest is committed: it has ended, and the same command says that nothing is there', async () => {
    const database = await open();
    const setup = await diesBefore(database, between);
    const again = await setup.run(ending('totp,recovery-codes'));
    expect(again.error()).toMatchObject({ code: 'usage_invalid', details: { limit: 'nothing_there' } });
    await expectOneEnd(database);
    const [{ about }] = (await database.ledger('reset_outbox').select('about')) as [{ about: string }];
    expect(about).toBe('totp,recovery-codes');
  });

  it.each(['access show', 'status'])('%s finishes what is left', async (command) => {
    const database = await open();
    const setup = await diesBefore(database, between);
    expect((await setup.run([...command.split(' '), susan.email])).code).toBe(0);
    await expectOneEnd(database);
  });

  it('a worker finishes what is left, and sends the mail', async () => {
    const database = await open();
    const setup = await diesBefore(database, between);
    await database.ledger('reset_intents').update({ created_at: 0 });
    expect((await setup.run(['worker', '--once'])).code).toBe(0);
    await expectOneEnd(database);
    expect(await database.ledger('reset_outbox').where({ kind: 'access', state: 'sent' })).toHaveLength(1);
  });

  it('somebody who has a new factor by then is told of the old one, too', async () => {
    const database = await open();
    const setup = await diesBefore(database, between, { what: 'totp' });
    const others = await database.db('otp_totp_totpdevice').where({ user_id: 1 });
    expect(others).toEqual([]);
    await database.db('otp_totp_totpdevice').insert({ id: 999, user_id: 1, confirmed: true });
    expect((await setup.run(['access', 'show', susan.email])).code).toBe(0);
    await expectOneEnd(database);
  });

  it.each([
    [before, expectNoEnd],
    [between, expectOneEnd],
  ] as const)('before $name: what is drawn anew tells it, too', async (step, expectIt) => {
    const database = await open();
    const setup = await diesBefore(database, step, { preset: 'aspnet-identity', what: 'session' });
    expect((await setup.run(['access', 'show', susan.email])).code).toBe(0);
    await expectIt(database);
  });

  it.each(STEPS_WITH_LINK)('send --end, before $name: all of it or nothing', async (step) => {
    const database = await open();
    const command = ['send', susan.email, '--end', 'totp', '--yes', '--force', '--json'];
    const setup = await diesBefore(database, step, { command });
    const { db, ledger } = database;
    const passwordOf = async () =>
      ((await db('auth_user').where({ id: 1 }).first('password')) as { password: string }).password;
    const isOld = async () => !(await ledger('reset_locks').pluck('encoded')).includes(await passwordOf());
    const device = async () => (await db('otp_totp_totpdevice').where({ user_id: 1 })).length > 0;
    // Neither opens the account alone: the old password and the factor end together.
    const isThere = await device();
    expect(isThere).toBe(step.isWritten !== true);
    expect((await setup.run(['access', 'show', susan.email])).code).toBe(0);
    expect(await isOld()).toBe(isThere);
    const times = isThere ? 0 : 1;
    await (times === 0 ? expectNoEnd : expectOneEnd)(database);
    expect(await ledger('reset_outbox').where({ kind: 'reset' })).toHaveLength(times);
    expect(await ledger('reset_locks')).toHaveLength(times);

    if (!isThere) return;
    expect((await setup.run(command)).code).toBe(0);
    expect([await device(), await isOld()]).toEqual([false, false]);
    await expectOneEnd(database);
  });

  it('what a reset ended meanwhile is not told as ended by the operator', async () => {
    const database = await open();
    const setup = await diesBefore(database, before, { what: 'api-token' });
    const token = await setup.issue();
    expect((await setup.apply(token)).code).toBe(0);
    expect((await setup.run(['access', 'end', susan.email, '--what', 'api-token', '--yes'])).code).toBe(2);
    await expectNoEnd(database);
  });

  it('a reset finishes what had ended before it', async () => {
    const database = await open();
    const setup = await diesBefore(database, between, { what: 'api-token' });
    const token = await setup.issue();
    expect((await setup.apply(token)).code).toBe(0);
    await expectOneEnd(database);
  });
});
