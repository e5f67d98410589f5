import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startListener, type Listener } from '../../src/http/listen.ts';
import { createTestApp, type TestApp } from '../helpers/create-test-app.ts';
import { sendRaw } from '../helpers/raw-http.ts';

const PASSWORD = 'canary password of susan';

describe('the logs of the listener', () => {
  let test: TestApp;
  let listener: Listener;
  let port: number;
  beforeEach(async () => {
    test = await createTestApp({ config: { 'server.port': 0 } });
    listener = await startListener(test.app);
    port = Number(new URL(listener.url).port);
  });
  afterEach(async () => {
    await listener.close();
    await test.close();
  });

  const post = (path: string, fields: Record<string, string>) =>
    fetch(`${listener.url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });

  it('R87: hold no token, password, hash, key or whole address at the most talkative level, also after a crash', async () => {
    await test.addUser({ email: 'susan.canary@example.com' });
    await post('/reset_password_request', { email: 'susan.canary@example.com' });
    const [mail] = await test.mailbox!.waitFor(1);
    const token = /\/reset_password\/(\S+)/.exec(mail?.parsed.text ?? '')![1]!;
    await fetch(`${listener.url}/reset_password/${token}?again=${token}`);
    await fetch(`${listener.url}/nowhere/${token}`);
    await fetch(`${listener.url}/reset_password/${token.slice(0, -3)}`);
    await sendRaw({ port }, `GET /reset_password/${token} HTTP/9\r\n\r\n`);
    await post(`/reset_password/${token}`, { password: 'canary', password2: 'canary' });
    await post(`/reset_password/${token}`, { password: PASSWORD, password2: PASSWORD });
    await test.mailbox!.waitFor(2);
    await test.app.ledger.schema.alterTable('reset_tokens', (table) => table.renameColumn('fp', 'gone'));
    expect((await fetch(`${listener.url}/reset_password/${token}`)).status).toBe(500);
    const text = JSON.stringify(test.logs);
    const [, payload = '', signature = ''] = token.split('.');
    const { password_hash: encoded } = (await test.app.usersDb('users').first()) as { password_hash: string };
    const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti: string };
    const secret = test.app.config.secrets[0]!.reveal();
    for (const canary of [
      token,
      payload,
      signature,
      'canary',
      encoded,
      jti,
      secret.toString('hex'),
      secret.toString('base64'),
    ]) {
      expect(text).not.toContain(canary);
    }
    expect(text).toContain('s***@example.com');
  });

  it('carry the route’s pattern, the status and the request id that the answer has', async () => {
    const answer = await fetch(`${listener.url}/reset_password/forged`);
    const requestId = answer.headers.get('x-request-id');
    await expect.poll(() => test.logs.filter((line) => line['requestId'] === requestId)).toHaveLength(2);
    expect(test.logs).toContainEqual(
      expect.objectContaining({
        event: 'http_request',
        requestId,
        method: 'GET',
        route: '/reset_password/:token',
        status: 400,
        ip: '127.0.0.1',
      }),
    );
  });

  it('take no request id from a stranger', async () => {
    const answer = await fetch(`${listener.url}/healthz`, {
      headers: { 'x-request-id': 'mine', 'request-id': 'mine' },
    });
    expect(answer.headers.get('x-request-id')).not.toBe('mine');
  });

  it('R89: an address with a line break and a log entry in it stays one line', async () => {
    const forged = 'x@example.com\n{"level":"error","event":"forged"}';
    await post('/reset_password_request', { email: forged });
    await expect.poll(() => test.logs.map(({ event }) => event)).toContain('request_refused');
    expect(test.logs.map(({ event }) => event)).not.toContain('forged');
  });

  it('R88: masks every address that is typed', async () => {
    for (const email of [
      'susan@example.com',
      'a@b',
      '"quoted name"@example.com',
      '한국@example.com',
      'plain',
    ]) {
      await post('/reset_password_request', { email });
    }
    const typed = () =>
      test.logs
        .filter(({ event }) => event === 'request_refused')
        .map(({ email }) => String(email))
        .toSorted();
    await expect
      .poll(typed)
      .toEqual(['"***@example.com', '***', 'a***@b', 's***@example.com', '한***@example.com']);
  });
});
