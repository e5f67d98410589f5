import { describe, expect, onTestFinished, test } from 'vitest';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { followBatch } from '../../../src/flows/batch/follow-batch.ts';
import { createBatch } from '../../../src/batches/create-batch.ts';
import { startBatch } from '../../../src/batches/change-batch.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { startScriptedSmtp, type ScriptedOptions, type ScriptedSmtp } from '../../helpers/scripted-smtp.ts';

async function start(
  script: ScriptedOptions,
  config: Record<string, unknown> = {},
): Promise<TestApp & { server: ScriptedSmtp }> {
  const server = await startScriptedSmtp(script);
  onTestFinished(() => server.close());
  const site = await createTestApp({ config: { 'mail.url': server.url, ...config } });
  onTestFinished(site.close);
  return { ...site, server };
}

/** A running batch of this many users. */
async function makeBatch({ app, addUser }: TestApp, count: number): Promise<string> {
  const now = app.clock.now();
  const batch = {
    digest: 'd',
    selection: 's',
    actor: app.operator,
    expiresInMs: 3_600_000,
    isLocking: false,
  };
  const id = await createBatch(app.ledger, { ...batch, route: app.route.stamp }, now);
  for (let index = 0; index < count; index += 1) {
    const userId = await addUser({ email: `user${index}@example.test`, password: null });
    await app
      .usersDb('users')
      .where({ id: userId })
      .update({ password_hash: '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK' });
    const { requestId } = await requestReset(app, {
      identifier: { id: userId },
      actor: app.operator,
      bucket: null,
    });
    await app.ledger('reset_outbox').where({ request_id: requestId }).update({ batch_id: id });
  }
  await startBatch(app.ledger, id, now);
  return id;
}

const follow = (app: TestApp['app'], id: string) =>
  followBatch(app, id, { signal: AbortSignal.timeout(50_000), onProgress: () => undefined });

describe('a batch pauses, and nobody’s attempt is used up, when the mail server says', () => {
  const refusals = [
    ['RCPT', '553 5.7.1 Sender address rejected: not owned by user'],
    ['MAIL', '550 5.7.60 not permitted to send as this sender'],
    ['MAIL', '530 5.7.0 authentication required'],
  ];
  const quotas = [
    ['end', '550 5.4.5 Daily user sending quota exceeded'],
    ['end', '552 5.3.4 message size exceeds fixed limit'],
    ['MAIL', '454 4.7.0 Daily message quota exceeded'],
  ];
  test.each([
    ...refusals.map(([verb = '', line = '']) => ({ verb, line, code: 'server_refused' })),
    ...quotas.map(([verb = '', line = '']) => ({ verb, line, code: 'quota' })),
  ])('$verb: $line', async ({ verb, line, code }) => {
    const site = await start({ [verb]: () => line });
    const id = await makeBatch(site, 12);
    const { batch, counts } = await follow(site.app, id);
    expect(batch).toMatchObject({ state: 'paused', pauseCode: code });
    expect(batch.pauseReason).toContain(line.slice(4));
    expect(counts).toMatchObject({ queued: 12, failed: 0 });
    expect(await site.app.ledger('reset_outbox').where('attempts', '>', 0)).toEqual([]);
  });
});

describe('the same refusal for several people in a row', () => {
  test.each([
    ['end', '554 5.7.1 [queue 4F2A91] rejected as spam'],
    ['RCPT', '554 5.7.1 relay access denied'],
  ] as const)('pauses the batch before it has burnt through: %s %s', async (verb, line) => {
    const refuse = ({ times }: { times: number }) => line.replace('4F2A91', `4F2A9${times}`);
    const site = await start({ [verb]: refuse }, { 'mail.connections': 1 });
    const id = await makeBatch(site, 60);
    const { batch, counts } = await follow(site.app, id);
    expect(batch).toMatchObject({ state: 'paused', pauseCode: 'server_refused' });
    expect(batch.pauseReason).toMatch(/accepts no mail from us: 554 5.7.1/);
    expect(counts).toMatchObject({ failed: 4, queued: 56 });
  });

  test.each([
    ['that says their mailboxes are gone', () => '550 5.1.1 no such user'],
    [
      'that differs from one to the next',
      ({ times }: { times: number }) => (times % 2 ? '554 5.7.1 rejected as spam' : '554 5.7.1 denied'),
    ],
    [
      'with mails taken in between',
      ({ times }: { times: number }) => (times % 3 ? '554 5.7.1 rejected as spam' : undefined),
    ],
  ])('does not pause it when it is one %s', async (_name, rcpt) => {
    const site = await start({ RCPT: rcpt }, { 'mail.connections': 1 });
    const id = await makeBatch(site, 14);
    const { batch, counts } = await follow(site.app, id);
    expect(batch.state).toBe('incomplete');
    expect(counts.failed + counts.sent).toBe(14);
  });
});

test('a server that takes two connections gets two, and every mail goes out at its first attempt that counts', async () => {
  const site = await start(
    { greeting: ({ open }) => (open > 2 ? '421 4.3.2 too many concurrent connections' : undefined) },
    { 'mail.connections': 4 },
  );
  const id = await makeBatch(site, 40);
  const { batch, counts } = await follow(site.app, id);
  expect([batch.state, counts.sent, counts.failed]).toEqual(['done', 40, 0]);
  expect(await site.app.ledger('reset_outbox').where('attempts', '>', 1)).toEqual([]);
  expect(site.server.mails).toHaveLength(40);
  expect(site.logs).toContainEqual(expect.objectContaining({ event: 'mail_connections_reduced' }));
});

test('one mail that the server has no quota for stays queued for the next day', async () => {
  const site = await start({ RCPT: () => '550 5.4.5 Daily user sending quota exceeded' });
  const id = await site.addUser({ email: 'susan@example.test' });
  const sent = await sendReset(site.app, { identifier: { id }, actor: site.app.operator, bucket: null });
  expect(sent).toMatchObject({ status: 'queued', reason: 'quota' });
  expect(site.server.lines.filter((line) => line.startsWith('RCPT'))).toHaveLength(1);
});
