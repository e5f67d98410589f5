import { request, type IncomingHttpHeaders } from 'node:http';
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startListener } from '../../src/http/listen.ts';
import { createTestApp, type TestAppOptions } from '../helpers/create-test-app.ts';
import { nextRequest, openSlowly, sendRaw } from '../helpers/raw-http.ts';
import { listeners } from './listeners.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const GOOD = 'seven green bottles on a wall';
const SECURITY = ['content-security-policy', 'referrer-policy', 'cache-control', 'x-content-type-options', 'x-frame-options', 'cross-origin-opener-policy', 'strict-transport-security', 'x-request-id']; // prettier-ignore

describe('the listener', () => {
  const { start, linkFor, post, closers } = listeners();

  it('goes the whole way: ask, mail, click, set, notice', async () => {
    const { app, addUser, mailbox, listener, logs } = await start();
    await addUser({ email: 'susan@example.com' });
    const asked = await post(listener.url, '/reset_password_request', { email: 'susan@example.com' });
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/reset_password_request/sent']);
    const [mail] = await mailbox!.waitFor(1);
    const link = /https:\S+\/reset_password\/\S+/.exec(mail?.parsed.text ?? '')![0];
    const url = link.replace('https://accounts.example.test', '');
    expect((await fetch(`${listener.url}${url}`)).status).toBe(200);
    expect((await post(listener.url, url, { password: GOOD, password2: GOOD })).status).toBe(303);
    await mailbox!.waitFor(2);
    expect((await fetch(`${listener.url}${url}`)).status).toBe(410);
    expect(logs.filter(({ event }) => event === 'mail_sent')).toHaveLength(2);
    expect(app.config.server.host).toBe('127.0.0.1');
  });

  it('R56: listens on loopback alone by default', async () => {
    const { port } = await start();
    const table = await readFile('/proc/net/tcp', 'utf8');
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const listening = table.split('\n').filter((line) => line.includes(`:${hex} 00000000:0000 0A`));
    expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${hex}`]);
  });

  const tricks: readonly [string, string, string][] = [
    ['an evil Host', 'POST /reset_password_request HTTP/1.1', 'Host: evil.test'],
    ['two Hosts', 'POST /reset_password_request HTTP/1.1', 'Host: evil.test\r\nHost: other.test'],
    ['no Host', 'POST /reset_password_request HTTP/1.1', 'X-Nothing: 1'],
    ['an absolute address', 'POST http://evil.test/reset_password_request HTTP/1.1', 'Host: evil.test'],
    ['a user in the Host', 'POST /reset_password_request HTTP/1.1', 'Host: accounts.example.test:@evil.test'],
    ['forwarding headers', 'POST /reset_password_request HTTP/1.1', 'Host: a\r\nX-Forwarded-Host: evil.test\r\nX-Host: evil.test\r\nForwarded: host=evil.test\r\nX-Forwarded-Proto: http'],
    ['HTTP/1.0', 'POST /reset_password_request HTTP/1.0', 'Host: evil.test'],
  ]; // prettier-ignore
  it.each(tricks)('R55: mails a link that begins with the base URL for %s', async (_name, line, headers) => {
    const { addUser, mailbox, port } = await start();
    await addUser({ email: 'susan@example.com' });
    const form = 'email=susan%40example.com';
    const rest = `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\nConnection: close`;
    const answer = await sendRaw({ port }, `${line}\r\n${headers}\r\n${rest}\r\n\r\n${form}`);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe('/reset_password_request/sent');
    const [mail] = await mailbox!.waitFor(1);
    expect(mail?.raw).not.toContain('evil');
    expect(mail?.parsed.text).toMatch(/^https:\/\/accounts\.example\.test\/reset_password\/eyJ[\w.-]+$/m);
  });

  const malformed: readonly [string, string, number][] = [
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['an unknown method', 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['HTTP/2 by itself', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    ['length and chunks at once', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['headers of 20 kB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['an address of 20 kB', `GET /reset_password/${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['an odd Expect', 'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n', 200],
    ['an upgrade', 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n', 200],
    ['a broken escape', 'GET /%c0%af%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404],
    ['a target that is an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 204],
  ]; // prettier-ignore
  it.each(malformed)(
    'R57, R61: answers %s with all security headers and a neutral page',
    async (_name, text, status) => {
      const { port } = await start();
      const answer = await sendRaw({ port }, text);
      expect(answer.status).toBe(status);
      expect(Object.keys(answer.headers)).toEqual(expect.arrayContaining(SECURITY));
      expect(answer.headers).not.toHaveProperty('server');
      // `OPTIONS *` only asks whether somebody is there (RFC 9110, 9.3.7).
      const expected = { 200: /^ok\n$/, 204: /^$/ }[status] ?? /<!DOCTYPE html>/;
      expect(answer.body).toMatch(expected);
    },
  );

  it('R41, R62: refuses a long body by its length alone, before it is sent', async () => {
    const { port } = await start();
    const head =
      'POST /reset_password_request HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded';
    // The rest of the body never comes; a client that waits for it gets no answer.
    const answer = await sendRaw({ port }, `${head}\r\nContent-Length: 900000\r\n\r\nemail=`);
    expect(answer.status).toBe(413);
    const chunk = `2800\r\n${'x'.repeat(0x2800)}\r\n`;
    expect(
      (await sendRaw({ port }, `${head}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`)).status,
    ).toBe(413);
  });

  it('R41: lets a client that asks first send a short body, and asks it not to send a long one', async () => {
    const { port } = await start();
    const head =
      'POST /reset_password_request HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue';
    const form = 'email=susan%40example.com';
    const taken = await sendRaw({ port }, `${head}\r\nContent-Length: ${form.length}\r\n\r\n${form}`);
    expect([taken.status, taken.body]).toEqual([100, expect.stringContaining('HTTP/1.1 303 See Other')]);
    const refused = await sendRaw({ port }, `${head}\r\nContent-Length: 900000\r\n\r\n`);
    expect(refused.status).toBe(413);
    expect(Object.keys(refused.headers)).toEqual(expect.arrayContaining(SECURITY));
  });

  it('R41: answers a client that sends 900 kB in one go', async () => {
    const { listener } = await start();
    const answer = await post(listener.url, '/reset_password/x', {
      password: 'x'.repeat(900_000),
      password2: 'x',
    });
    expect(answer.status).toBe(413);
  });

  it('finishes what is under way when it closes, delivers what was typed, and takes nobody new', async () => {
    const test = await start();
    const link = await linkFor(test);
    await test.addUser({ email: 'ben@example.com' });
    const kept = await openSlowly(test.port, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    await post(test.listener.url, '/reset_password_request', { email: 'ben@example.com' });
    const hasCome = nextRequest(link);
    const underWay = post(test.listener.url, link, { password: GOOD, password2: GOOD });
    await hasCome;
    await test.listener.close();
    expect((await underWay).status).toBe(303);
    expect(test.mailbox!.messages.map(({ envelope }) => envelope.to[0]).sort()).toEqual([
      'ben@example.com',
      'susan@example.com',
    ]);
    await expect(fetch(`${test.listener.url}/healthz`)).rejects.toThrow();
    kept.destroy();
  });

  it('answers a request that comes over a busy connection while it closes, and asks for a new one', async () => {
    const { port, listener } = await start();
    const text =
      'POST /reset_password_request HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 25\r\n\r\n';
    const hasCome = nextRequest('/reset_password_request');
    const socket = await openSlowly(port, text);
    const answer = new Promise<string>((resolve) => {
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('close', () => {
        resolve(received);
      });
    });
    await hasCome;
    const closed = listener.close();
    await new Promise((resolve) => setTimeout(resolve, 150));
    socket.write('email=susan%40example.com');
    expect(await answer).toMatch(/^HTTP\/1\.1 303 [\s\S]*connection: close/i);
    await closed;
  });

  it('says what to do when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    closers.push(() => new Promise((resolve) => taken.close(resolve)));
    const { port } = taken.address() as { port: number };
    await expect(start({ config: { 'server.port': port } })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('--port'),
    });
  });

  describe('on a Unix socket', () => {
    const inFolder = async (): Promise<string> => {
      const folder = await mkdtemp(join(tmpdir(), 'reset-socket-'));
      closers.push(() => removeFolder(folder));
      return join(folder, 'reset.sock');
    };
    const startOn = async (path: string, config: TestAppOptions['config'] = {}) => {
      const test = await createTestApp({ config: { 'server.host': `unix:${path}`, ...config } });
      closers.push(() => test.close());
      const listener = await startListener(test.app);
      closers.push(() => listener.close());
      return { ...test, listener };
    };

    it('lets owner and group connect, and removes the file at the end', async () => {
      const path = await inFolder();
      const { listener } = await startOn(path);
      expect(listener.url).toBe(`unix:${path}`);
      expect((await stat(path)).mode & 0o777).toBe(0o660);
      expect((await sendRaw({ path }, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).status).toBe(
        200,
      );
      await listener.close();
      await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('R50: takes the visitor from the proxy only when 127.0.0.1 is trusted', async () => {
      const path = await inFolder();
      const { logs } = await startOn(path, { 'server.trustProxy': ['127.0.0.1'] });
      await sendRaw(
        { path },
        'GET /reset_password_request HTTP/1.1\r\nX-Forwarded-For: 198.51.100.7\r\nConnection: close\r\n\r\n',
      );
      const other = await inFolder();
      const untrusting = await startOn(other);
      await sendRaw(
        { path: other },
        'GET /reset_password_request HTTP/1.1\r\nX-Forwarded-For: 198.51.100.7\r\nConnection: close\r\n\r\n',
      );
      const ips = [logs, untrusting.logs].map(
        (lines) => lines.find(({ event }) => event === 'http_request')?.['ip'],
      );
      expect(ips).toEqual(['198.51.100.7', 'local']);
    });

    it('takes over a socket that a killed process left, but no living one and no other file', async () => {
      const path = await inFolder();
      const left = createServer().listen(path);
      await new Promise((resolve) => left.once('listening', resolve));
      await expect(startOn(path)).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('Another process'),
      });
      await new Promise((resolve) => left.close(resolve));
      await writeFile(path, 'precious');
      await expect(startOn(path)).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('not a socket'),
      });
      expect(await readFile(path, 'utf8')).toBe('precious');
    });
  });

  // Load balancers reuse a connection for 60 seconds: it must not close while they do.
  it('keeps a connection open for the next request of a browser, and longer than load balancers do', async () => {
    const { port } = await start();
    const answer = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
      request(
        { port, path: '/healthz', host: '127.0.0.1', headers: { connection: 'keep-alive' } },
        (response) => {
          resolve(response.headers);
          response.resume();
        },
      )
        .on('error', reject)
        .end();
    });
    expect(answer.connection).toBe('keep-alive');
    expect(Number(/^timeout=(\d+)$/.exec(String(answer['keep-alive']))?.[1])).toBeGreaterThan(60);
  });
});
