import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { deliverContinuously } from '../../src/flows/delivery/deliver-continuously.ts';
import { createTestServer, visible, type TestServer } from '../helpers/http-server.ts';
import { startSilentServer } from '../helpers/mailbox.ts';

const REQUEST = '/reset_password_request';

describe('the request page', () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close();
  });
  const openSite = async (...args: Parameters<typeof createTestServer>): Promise<TestServer> => {
    const site = await createTestServer(...args);
    open.push(site);
    return site;
  };

  it('R43: answers known, unknown, disabled, throttled, malformed and unreachable addresses alike', async () => {
    const site = await openSite({
      config: { 'users.active': { active: 1 } },
      prepare: (db) => db.schema.alterTable('users', (table) => table.integer('active').defaultTo(1)),
      mailbox: {
        onRcpt: (address) => (address.startsWith('bounces') ? { code: 550, text: 'no' } : undefined),
      },
    });
    for (const name of ['known', 'disabled', 'throttled', 'bounces'])
      await site.addUser({ email: `${name}@example.com` });
    await site.app.usersDb('users').where({ email: 'disabled@example.com' }).update({ active: 0 });
    await site.post(REQUEST, { email: 'throttled@example.com' });
    await site.queue.drain();
    const cases = [
      'known@example.com',
      'unknown@example.com',
      'disabled@example.com',
      'throttled@example.com',
      'bounces@example.com',
      'not an address',
      'a@b@c',
      '',
    ];
    const answers = [];
    for (const email of cases) {
      answers.push(visible(await site.post(REQUEST, { email })));
      await site.queue.drain();
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ statusCode: 303, headers: { location: `${REQUEST}/sent` } });
  });

  it('R48: shows the operator the truth in the log, with the address masked', async () => {
    const site = await openSite();
    await site.addUser({ email: 'known@example.com' });
    for (const email of ['known@example.com', 'known@example.com', 'unknown@example.com', 'a@b@c']) {
      await site.post(REQUEST, { email });
    }
    await site.queue.drain();
    const logged = site.logs.filter(({ event }) => /^request_/.test(String(event)));
    // In whatever order: what is no address is refused ahead of the others that are handled with it.
    expect(logged.map(({ event, reason, email }) => [event, reason ?? '', email].join(' ')).sort()).toEqual([
      'request_queued  k***@example.com',
      'request_refused address_invalid a***@c',
      'request_refused throttled k***@example.com',
      'request_refused user_not_found u***@example.com',
    ]);
  });

  it('R45: looks nothing up and writes no mail before it answers; only the counter of the address is asked', async () => {
    const site = await openSite();
    await site.addUser({ email: 'known@example.com' });
    const asked: string[] = [];
    const shapes = [];
    for (const email of ['known@example.com', 'unknown@example.com']) {
      asked.length = 0;
      const listen = ({ sql }: { sql: string }) => void asked.push(sql);
      site.app.ledger.on('query', listen);
      await site.post(REQUEST, { email });
      site.app.ledger.off('query', listen);
      shapes.push(asked.join('\n'));
      await site.queue.drain();
    }
    expect(shapes[0]).not.toMatch(/users|reset_outbox|reset_tokens|reset_audit/);
    expect(shapes[1]).toBe(shapes[0]);
    expect(await site.app.ledger('reset_outbox').count({ count: '*' })).toEqual([{ count: 1 }]);
  });

  it('R45: does the work at a moment of its own, not right behind the answer', async () => {
    const site = await openSite();
    await site.addUser({ email: 'known@example.com' });
    const lookedUpAt: number[] = [];
    site.app.ledger.on('query', ({ sql }: { sql: string }) => {
      if (/users/.test(sql)) lookedUpAt.push(performance.now());
    });
    const askedAt = performance.now();
    await site.post(REQUEST, { email: 'known@example.com' });
    await expect.poll(() => site.app.ledger('reset_outbox').select()).toHaveLength(1);
    expect(lookedUpAt[0]! - askedAt).toBeGreaterThan(95); // 100 to 400 ms, and timers are a little early at most
  });

  const mailServers: readonly [string, () => Promise<{ url: string; close(): Promise<unknown> }>][] = [
    ['refuses the connection', async () => ({ url: 'smtp://127.0.0.1:1', close: async () => undefined })],
    ['takes the connection and says nothing', startSilentServer],
    ['speaks no SMTP', startNoise],
    ['speaks no TLS where it should', () => startNoise('smtps')],
  ];
  it.each(mailServers)(
    'R44: answers in time and alike when the mail server %s, and logs mail_failed',
    async (_name, start) => {
      const smtp = await start();
      open.push(smtp);
      // How long a silent server is waited for is not the subject.
      const url = `${smtp.url}${smtp.url.includes('?') ? '&' : '?'}greeting=2s`;
      const site = await openSite({ config: { 'mail.url': url } });
      await site.addUser({ email: 'known@example.com' });
      const delivery = deliverContinuously(site.app);
      const answers = [];
      for (const email of ['known@example.com', 'unknown@example.com']) {
        const startedAt = performance.now();
        answers.push(visible(await site.post(REQUEST, { email })));
        expect(performance.now() - startedAt).toBeLessThan(5000); // a silent server is given 10 s
      }
      expect(answers[1]).toEqual(answers[0]);
      await site.queue.drain();
      await expect
        .poll(() => site.logs.map(({ event }) => event), { timeout: 40_000 })
        .toContain('mail_failed');
      await delivery.stop(0);
    },
  );

  it('R44: answers alike when the mail server refuses the recipient with 550', async () => {
    const site = await openSite({
      mailbox: { onRcpt: (address) => ({ code: 550, text: `unknown user ${address}` }) },
    });
    await site.addUser({ email: 'known@example.com' });
    const delivery = deliverContinuously(site.app);
    const answer = visible(await site.post(REQUEST, { email: 'known@example.com' }));
    expect(visible(await site.post(REQUEST, { email: 'unknown@example.com' }))).toEqual(answer);
    await expect.poll(() => site.logs.map(({ event }) => event)).toContain('mail_failed');
    await delivery.stop(0);
    const failure = site.logs.find(({ event }) => event === 'mail_failed');
    expect(failure).toMatchObject({ state: 'failed', reply: expect.stringContaining('k***@example.com') });
  });

  it('R47: gives ten requests for a known and ten for an unknown address the same sequence of answers', async () => {
    const site = await openSite();
    await site.addUser({ email: 'known@example.com' });
    const sequence = async (email: string) => {
      const answers = [];
      for (let count = 0; count < 10; count += 1) {
        answers.push(visible(await site.post(REQUEST, { email })));
        await site.queue.drain();
      }
      return answers;
    };
    expect(await sequence('known@example.com')).toEqual(await sequence('unknown@example.com'));
    expect(await site.app.ledger('reset_outbox').count({ count: '*' })).toEqual([{ count: 1 }]);
  });

  it('R49: counts all spellings of an address for one user', async () => {
    const site = await openSite();
    await site.addUser({ email: 'known@example.com' });
    for (const email of ['known@example.com', 'KNOWN@example.com', ' known@EXAMPLE.com '])
      await site.post(REQUEST, { email });
    await site.queue.drain();
    expect(await site.app.ledger('reset_outbox').count({ count: '*' })).toEqual([{ count: 1 }]);
  });

  it('R91: lets a request through when the audit cannot be written, with an alarm', async () => {
    const site = await openSite();
    await site.addUser({ email: 'known@example.com' });
    await site.app.ledger.schema.dropTable('reset_audit');
    expect((await site.post(REQUEST, { email: 'known@example.com' })).statusCode).toBe(303);
    await site.post(REQUEST, { email: 'unknown@example.com' });
    await site.queue.drain();
    expect(await site.app.ledger('reset_outbox').count({ count: '*' })).toEqual([{ count: 1 }]);
    expect(site.logs.filter(({ event }) => event === 'audit_unwritable')).toHaveLength(2);
  });

  it('R91: sets no password when the audit cannot be written', async () => {
    const site = await openSite();
    await site.addUser({ email: 'known@example.com' });
    const token = await site.issueToken('known@example.com');
    await site.app.ledger.schema.dropTable('reset_audit');
    const before = await site.dump('users', 'reset_tokens', 'reset_outbox');
    const password = 'seven green bottles on a wall';
    const answer = await site.post(`/reset_password/${token}`, { password, password2: password });
    expect(answer.statusCode).toBe(500);
    expect(await site.dump('users', 'reset_tokens', 'reset_outbox')).toBe(before);
  });

  it('R90: leaves the events of a whole visit in the audit, with who, what and from where', async () => {
    const site = await openSite();
    const userId = await site.addUser({ email: 'known@example.com' });
    await site.post(REQUEST, { email: 'known@example.com' });
    await site.post(REQUEST, { email: 'known@example.com' });
    await site.post(REQUEST, { email: 'unknown@example.com' });
    await site.queue.drain();
    const link = `/reset_password/${await site.issueToken('known@example.com')}`;
    const password = 'seven green bottles on a wall';
    await site.post('/reset_password/nonsense', { password, password2: password });
    await site.post(link, { password, password2: password });
    await site.post(link, { password, password2: password });
    const rows = (await site.app.ledger('reset_audit').orderBy('id')) as Record<string, unknown>[];
    expect(
      rows.map(({ event, result, actor_kind, user_id }) => [event, result, actor_kind, user_id]),
    ).toEqual([
      ['reset_requested', 'ok', 'web', userId],
      ['request_throttled', 'throttled', 'web', userId],
      ['reset_requested', 'user_not_found', 'web', null],
      ['link_issued', 'ok', 'operator', userId],
      ['token_verify_failed', 'token_invalid', 'web', null],
      ['password_changed', 'ok', 'web', userId],
      ['token_reused', 'token_used', 'web', null],
    ]);
    for (const row of rows.filter(({ actor_kind }) => actor_kind === 'web'))
      expect(row['actor_name']).toBe('127.0.0.1');
    expect(JSON.stringify(rows)).not.toContain('unknown@example.com');
  });
});

/** A port where something else answers. */
async function startNoise(scheme = 'smtp'): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined).resume(); // a client that does not read does not see the end
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
