import { expect, it } from 'vitest';
import { eachPair, type TestDatabase } from '../../helpers/databases.ts';
import { intent, killBeforeStep, unwritten, type WritingStep } from '../../helpers/kill-before.ts';
import { goodPassword, makeSetup, susan, type Setup } from '../../helpers/run-reset.ts';

/** Every statement of a reset that writes, in this order. */
const STEPS: readonly WritingStep[] = [
  intent.declared,
  intent.committed,
  intent.held,
  { name: 'the token is used', at: 'ledger', sql: '^update .reset_tokens' },
  { name: 'its siblings are revoked', at: 'ledger', sql: '^update .reset_tokens', nth: 2 },
  { name: 'the transaction on the users begins', at: 'users', sql: '^BEGIN' },
  { name: 'the password is written', at: 'users', sql: '^update .users' },
  { name: 'the notice is queued', at: 'ledger', sql: '^insert into .reset_outbox' },
  { name: 'the audit is written', at: 'ledger', sql: '^insert into .reset_audit' },
  intent.dropped,
  { name: 'the password is committed', at: 'users', sql: '^COMMIT' },
  intent.followed,
];

const another = 'nine yellow pears in a cellar';

async function diesBefore(
  database: TestDatabase,
  step: WritingStep,
): Promise<{ setup: Setup; token: string }> {
  const setup = await makeSetup({ database: database.url });
  const token = await setup.issue();
  const input = `${goodPassword}\n`;
  await killBeforeStep(['apply', token, '--password-stdin'], database, step, { cwd: setup.folder, input });
  return { setup, token };
}

const hashOf = async ({ db }: TestDatabase): Promise<string> =>
  ((await db('users').where({ email: susan.email }).first('password_hash')) as { password_hash: string })
    .password_hash;

/** One link was used, one notice goes out, and one line of the audit says so; nothing is left to do. */
async function expectOneReset({ ledger }: TestDatabase): Promise<void> {
  expect(await ledger('reset_tokens').where({ state: 'used' })).toHaveLength(1);
  expect(await ledger('reset_audit').where({ event: 'password_changed' })).toHaveLength(1);
  expect(await ledger('reset_outbox').where({ kind: 'notice' })).toHaveLength(1);
  expect(await ledger('reset_intents')).toEqual([]);
}

eachPair('a reset that is killed between two databases', (open) => {
  it.each(unwritten(STEPS))('before $name: nothing is written, and the link still works', async (step) => {
    const database = await open();
    const { setup, token } = await diesBefore(database, step);
    expect(await hashOf(database)).toBe(susan.encoded);
    expect((await setup.apply(token, another, '--json')).code).toBe(0);
    expect(await hashOf(database)).not.toBe(susan.encoded);
    // What the dead process had declared is looked at by whoever delivers mails.
    await database.ledger('reset_intents').update({ created_at: 0 });
    expect((await setup.run(['worker', '--once'])).code).toBe(0);
    await expectOneReset(database);
  });

  it.each(STEPS.filter((step) => step.isWritten === true))(
    'before $name: the password is written, and the link is used',
    async (step) => {
      const database = await open();
      const { setup, token } = await diesBefore(database, step);
      const written = await hashOf(database);
      expect(written).not.toBe(susan.encoded);
      expect((await setup.apply(token, another, '--json')).error()).toMatchObject({ code: 'token_used' });
      expect(await hashOf(database)).toBe(written);
      await expectOneReset(database);
    },
  );

  const between = STEPS.find(({ name }) => name === 'the rest is committed')!;

  it.each([
    { command: ['verify'], hasToken: true, row: { error: { code: 'token_used' } } },
    { command: ['status', susan.email], row: { liveLinks: [] } },
    { command: ['revoke', susan.email], row: { revoked: 0 } },
    { command: ['revoke', '--all', '--yes'], row: { revoked: 0 } },
  ])('$command finishes what is left', async ({ command, hasToken, row }) => {
    const database = await open();
    const { setup, token } = await diesBefore(database, between);
    const { stdout, stderr } = await setup.run([...command, ...(hasToken ? [token] : []), '--json']);
    expect(JSON.parse((stdout || stderr).trim().split('\n').at(-1) ?? '')).toMatchObject(row);
    await expectOneReset(database);
  });

  it('a worker finishes what is left, and sends the notice', async () => {
    const database = await open();
    const { setup } = await diesBefore(database, between);
    await database.ledger('reset_intents').update({ created_at: 0 });
    expect((await setup.run(['worker', '--once'])).code).toBe(0);
    await expectOneReset(database);
    expect(await database.ledger('reset_outbox').where({ kind: 'notice', state: 'sent' })).toHaveLength(1);
  });

  it('somebody whose hash changed once more is told, too', async () => {
    const database = await open();
    const { setup, token } = await diesBefore(database, between);
    await database.db('users').update({ password_hash: susan.encoded.replace('NDcY', 'NDcZ') });
    expect((await setup.run(['verify', token, '--json'])).error()).toMatchObject({ code: 'token_used' });
    await expectOneReset(database);
  });
});
