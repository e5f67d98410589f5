import { describe, expect, onTestFinished, test } from 'vitest';
import { startScriptedSmtp } from '../../helpers/scripted-smtp.ts';
import { makeSetup, susan, type Ran, type Setup } from '../../helpers/run-reset.ts';

/** What somebody may call himself, or a server may say, to look like a row or a sentence of ours. */
const foreign = 'x\nFORGED\tFORGED\r\nFORGED\u2028FORGED\u0085FORGED';

/** Visible, and always behind other text of its line. */
const isOnOtherLines = ({ stdout, stderr }: Ran): boolean =>
  (stdout + stderr).includes('FORGED') && !/(?:^|[\t\r\u2028\u0085])[✓✗!\s]*FORGED/m.test(stdout + stderr);

const message = {
  request_id: 'r1',
  kind: 'reset',
  user_id: '2',
  actor_kind: 'operator',
  actor_name: foreign,
  ticket: foreign,
  expires_in_s: 3600,
  created_at: Date.now(),
  due_at: Date.now(),
};

/** Foreign text in every place of the database that can hold it. */
async function fill(setup: Setup): Promise<void> {
  const db = await setup.open();
  const now = Date.now();
  await db('users').insert([
    { email: foreign, username: foreign, locale: 'en', password_hash: susan.encoded },
    { email: 'twin@example.com', username: foreign, password_hash: `{${foreign}}${susan.encoded}` },
    { email: 'Twin@example.com', username: foreign, password_hash: susan.encoded },
  ]);
  const ended = { state: 'failed', reason: 'refused', reply: `550 ${foreign}`, settled_at: now };
  await db('reset_outbox').insert([
    { ...message, ...ended },
    { ...message, ...ended, request_id: 'r2', batch_id: 'b1', recipient: foreign, domain: foreign },
  ]);
  const by = { actor_kind: 'operator', actor_name: foreign, ticket: foreign, user_id: '2' };
  await db('reset_audit').insert([
    { at: now, event: 'mail_failed', result: foreign.slice(0, 32), request_id: 'r1', ...by },
    {
      at: now,
      event: 'token_verify_failed',
      result: 'bad',
      details: JSON.stringify({ reply: foreign, userAgent: foreign }),
      ...by,
    },
  ]);
  await db('reset_batches').insert({
    id: 'b1',
    digest: 'd',
    state: 'paused',
    pause_reason: foreign,
    pause_code: 'server_refused',
    selection: foreign,
    actor_kind: 'operator',
    actor_name: foreign,
    expires_in_s: 3600,
    created_at: now,
  });
}

/** Every command that prints it, or repeats what was typed. */
const commands: readonly (readonly string[])[] = [
  ['status', '--id', '2'],
  ['status', '--id', '2', '--all'],
  ['status'],
  ['audit'],
  ['user', 'list'],
  ['user', 'list', '--search', 'x'],
  ['user', 'find', 'twin'],
  ['user', 'find', foreign],
  ['status', 'twin@example.com'],
  ['send', foreign],
  ['link', '--username', foreign],
  ['send', '--id', '2'],
  ['batch', 'list'],
  ['batch', 'show', 'b1'],
  ['batch', 'show', 'b1', '--by', 'domain'],
  ['batch', 'report', 'b1'],
  ['batch', 'resume', 'b1'],
  ['doctor', '--id', '2', '--password-stdin'],
  ['send', '--all', '--dry-run', '--ignore-unknown'],
  ['preview', foreign],
  ['help', foreign],
  [foreign],
  ['send', '--file', foreign],
  ['status', '--config', foreign],
];

test('foreign text never starts a line or a cell of its own', async () => {
  const setup = await makeSetup();
  await fill(setup);
  for (const args of commands)
    expect.soft({ args, ...(await setup.run(args, { input: susan.password })) }).toSatisfy(isOnOtherLines);
});

describe('nor does what a mail server says', () => {
  test.each(['greeting', 'EHLO', 'RCPT', 'end'] as const)('at %s', async (verb) => {
    const refuse = () => '550-no\r\n550-FORGED\r\n550 FORGED\u0085FORGED\tFORGED';
    const server = await startScriptedSmtp({ [verb]: refuse, ...(verb === 'EHLO' && { HELO: refuse }) });
    onTestFinished(() => server.close());
    const { run } = await makeSetup({ 'mail.url': server.url });
    const seen = [['send', susan.email], ['status', susan.email], ...(verb === 'end' ? [] : [['doctor']])];
    for (const args of seen) expect(await run(args)).toSatisfy(isOnOtherLines);
  });
});
