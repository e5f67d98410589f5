import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Db } from '../../src/db/connect.ts';
import { createTestServer, type TestServer } from '../helpers/http-server.ts';
import { sendRaw } from '../helpers/raw-http.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const CSP = (script: string) =>
  `default-src 'none';style-src 'self';script-src ${script};img-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none';object-src 'none'`;

const SECURITY = {
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
};

/** Nobody else may even read, as while a backup restores the file. Gives the way back. */
async function lockDatabase(db: Db): Promise<() => Promise<void>> {
  await db.raw('pragma journal_mode = delete');
  await db.raw('pragma busy_timeout = 100');
  const [{ file }] = (await db.raw('pragma database_list')) as [{ file: string }];
  const rival = await connect(`sqlite:${file}`);
  await rival.raw('begin exclusive');
  return async () => {
    await rival.raw('rollback');
    await rival.destroy();
  };
}

describe('the routes', () => {
  let site: TestServer;
  let token: string;
  let spent: string;
  beforeAll(async () => {
    site = await createTestServer();
    await site.addUser({ email: 'susan@example.com' });
    await site.addUser({ email: 'ben@example.com' });
    token = await site.issueToken('susan@example.com');
    spent = await site.issueToken('ben@example.com');
    const password = 'seven green bottles on a wall';
    await site.post(`/reset_password/${spent}`, { password, password2: password });
  });
  afterAll(() => site.close());

  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const matrix = [
    ['GET', '/reset_password_request', {}, 200],
    ['HEAD', '/reset_password_request', {}, 200],
    ['POST', '/reset_password_request', { headers: form, payload: 'email=a%40example.com' }, 303],
    ['POST', '/reset_password_request', { headers: form, payload: 'x=1' }, 400],
    [
      'POST',
      '/reset_password_request',
      { headers: { ...form, 'sec-fetch-site': 'cross-site' }, payload: 'email=a' },
      403,
    ],
    ['POST', '/reset_password_request', { headers: form, payload: `email=${'a'.repeat(17_000)}` }, 413],
    [
      'POST',
      '/reset_password_request',
      { headers: { 'content-type': 'application/json' }, payload: '{}' },
      415,
    ],
    ['GET', '/reset_password_request/sent', {}, 200],
    ['GET', '/reset_password/TOKEN', {}, 200],
    ['HEAD', '/reset_password/TOKEN', {}, 200],
    ['POST', '/reset_password/TOKEN', { headers: form, payload: 'password=a&password2=b' }, 422],
    ['GET', '/reset_password/SPENT', {}, 410],
    ['POST', '/reset_password/SPENT', { headers: form, payload: 'password=a&password2=b' }, 410],
    ['GET', '/reset_password/nonsense', {}, 400],
    ['POST', '/reset_password/nonsense', { headers: form, payload: 'password=a&password2=b' }, 400],
    ['GET', '/reset_password/', {}, 400],
    ['GET', '/reset_password/done', {}, 200],
    ['GET', '/.well-known/change-password', {}, 303],
    ['GET', '/healthz', {}, 200],
    ['GET', '/readyz', {}, 200],
    ['GET', '/style.css', {}, 200],
    ['GET', '/script.js', {}, 200],
    ['GET', '/favicon.ico', {}, 204],
    ['GET', '/', {}, 404],
    ['GET', '/reset_password', {}, 404],
    ['POST', '/elsewhere', { headers: { 'content-type': 'application/json' }, payload: '{}' }, 404],
    ['PROPFIND', '/reset_password_request', {}, 404],
    ['PUT', '/reset_password_request', {}, 405],
    ['DELETE', '/reset_password/TOKEN', {}, 405],
    ['OPTIONS', '/reset_password/TOKEN', {}, 405],
    ['TRACE', '/reset_password/TOKEN', {}, 405],
    ['POST', '/healthz', { headers: form, payload: 'a=b' }, 405],
  ] as const;

  const titled = matrix.map(
    ([method, path, options, status]) => [`${method} ${path}`, status, { method, path, options }] as const,
  );
  it.each(titled)(
    'R57: %s answers %i with all security headers',
    async (_title, status, { method, path, options }) => {
      const url = path.replace('TOKEN', token).replace('SPENT', spent);
      const answer = await site.server.inject({ ...options, method: method as 'GET', url });
      expect(answer.statusCode).toBe(status);
      expect(answer.headers).toMatchObject(SECURITY);
      expect([CSP("'none'"), CSP("'self'")]).toContain(answer.headers['content-security-policy']);
      expect(answer.headers).not.toHaveProperty('server');
      expect(answer.headers).not.toHaveProperty('x-powered-by');
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect(answer.headers['x-request-id']).toMatch(/^[\w-]{36}$/);
    },
  );

  it.each(titled.filter(([, status, { method }]) => status >= 400 && method !== 'HEAD'))(
    '%s answers %i with a way on: a form, or one button',
    async (_title, _status, { method, path, options }) => {
      const url = path.replace('TOKEN', token).replace('SPENT', spent);
      const { body } = await site.server.inject({ ...options, method: method as 'GET', url });
      expect(body.match(/<a class="button" href="(?:\?|\/reset_password_request)"|<form /g)).toHaveLength(1);
    },
  );

  it('leads from an error that answers a form back to the form, by the address that the browser knows', async () => {
    const foreign = {
      headers: { ...form, 'sec-fetch-site': 'cross-site' },
      payload: 'password=a&password2=b',
    };
    const answer = await site.server.inject({ ...foreign, method: 'POST', url: `/reset_password/${token}` });
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('<a class="button" href="?">Try again</a>');
    expect(answer.body).toContain('<script src="/script.js" defer>'); // so that Back asks for this page, not for the form
    expect(answer.headers['content-security-policy']).toBe(CSP("'self'"));
    expect(answer.body).not.toContain(token);
  });

  it('leads from a used link to the sign-in, where that is known', async () => {
    const site = await createTestServer({ config: { loginUrl: 'https://example.test/login' } });
    await site.addUser({ email: 'susan@example.com' });
    const link = `/reset_password/${await site.issueToken('susan@example.com')}`;
    const password = 'seven green bottles on a wall';
    await site.post(link, { password, password2: password });
    const { body } = await site.get(link);
    expect(body).toContain('If you already set a new password, sign in with it.');
    expect(body).toMatch(
      /<a class="button" href="https:\/\/example\.test\/login" rel="noreferrer">[\s\S]*<a href="\/reset_password_request">/,
    );
    await site.close();
  });

  it('R57: allows a script on the two pages that have one', async () => {
    for (const path of ['/reset_password_request', `/reset_password/${token}`]) {
      const { body, headers } = await site.get(path);
      expect(body).toContain('<script src="/script.js" defer>');
      expect(headers['content-security-policy']).toBe(CSP("'self'"));
    }
    const { body, headers } = await site.get('/reset_password_request/sent');
    expect(body).not.toContain('<script');
    expect(headers['content-security-policy']).toBe(CSP("'none'"));
  });

  it('R61: names the allowed methods with 405, and answers nothing to OPTIONS and TRACE', async () => {
    const { headers, body } = await site.server.inject({ method: 'OPTIONS', url: '/reset_password_request' });
    expect(headers['allow']).toBe('GET, HEAD, POST');
    expect(body).not.toContain('OPTIONS');
  });

  it.each([404, 405])('R61: repeats nothing of the address in a %i', async (status) => {
    const canary = 'canary"><script>alert(1)</script>';
    const url = status === 404 ? `/${encodeURIComponent(canary)}?token=canary` : '/healthz?token=canary';
    const { statusCode, body } = await site.server.inject({ method: status === 404 ? 'GET' : 'PUT', url });
    expect(statusCode).toBe(status);
    expect(body).toContain('<!DOCTYPE html>');
    expect(body).not.toContain('canary');
  });

  it('R61: answers whatever is asked with 4xx at most, all headers, and nothing of the question', async () => {
    const { port } = new URL(await site.server.listen({ port: 0, host: '127.0.0.1' }));
    const odd = fc.constantFrom(
      '%',
      '%2f',
      '%00',
      '%ff',
      '..',
      '//',
      '?',
      '#',
      ';',
      '\\',
      '"',
      'reset_password',
      token,
    );
    const question = fc
      .array(fc.oneof(fc.string(), odd), { maxLength: 6 })
      .map((parts) => `/${parts.join('/')}`.replace(/[^\x21-\x7e]/g, '%'));
    await fc.assert(
      fc.asyncProperty(question, async (path) => {
        const answer = await sendRaw(
          { port: Number(port) },
          `GET ${path}?canary HTTP/1.1\r\nConnection: close\r\n\r\n`,
        );
        expect(answer.status).toBeLessThan(500);
        expect(answer.headers).toMatchObject(SECURITY);
        expect(answer.body).not.toContain('canary');
      }),
      { numRuns: 200 },
    );
  });

  it('leads the well-known address to the request page', async () => {
    const { headers } = await site.get('/.well-known/change-password');
    expect(headers.location).toBe('/reset_password_request');
  });

  it('R58: has nothing on the reset page that leads or loads from elsewhere', async () => {
    const { body } = await site.get(`/reset_password/${token}`);
    const addresses = [...body.matchAll(/\s(?:src|href|action)="([^"]*)"/g)].map(([, address]) => address);
    // "//" has no host, so it is no address: what browsers make of it is nothing.
    expect(addresses.sort()).toEqual(['//', '/script.js', '/style.css', '?']);
    expect(URL.canParse('//', 'https://accounts.example.test/')).toBe(false);
    expect(body).not.toMatch(/https?:/);
  });

  it('R33: lets a password manager fill in, and forbids no pasting', async () => {
    const { body } = await site.get(`/reset_password/${token}`);
    expect(body).toMatch(
      /<input id="account"[^>]*autocomplete="username" value="susan@example.com" readonly>/,
    );
    expect(body.match(/type="password"[^>]*autocomplete="new-password"/g)).toHaveLength(2);
    expect(body).not.toMatch(/onpaste|<input[^>]*password[^>]* maxlength=/);
  });

  it('answers pages in the language of the browser, and in English where it has no other', async () => {
    const { body } = await site.get('/reset_password_request', {
      'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8',
    });
    expect(body).toContain('<html lang="ko"');
    const other = await site.get('/reset_password_request', { 'accept-language': 'tlh' });
    expect(other.body).toContain('<html lang="en"');
    const hostile = await site.get('/reset_password_request', {
      'accept-language': '../../etc/passwd,<script>',
    });
    expect(hostile.body).toContain('<html lang="en"');
  });

  it('says in readyz how many typed addresses found no room, and stays ready', async () => {
    const flooded = await createTestServer({ maxWaiting: 10 });
    expect((await flooded.get('/readyz')).body).toBe('ok\n');
    // All in one turn of the event loop, so that none is taken out of the line in between.
    for (let count = 0; count < 25; count += 1)
      flooded.queue.add({ email: `nobody${count}@example.com`, ip: '192.0.2.1', requestId: 'a'.repeat(32) });
    const answer = await flooded.get('/readyz');
    const [, dropped, waiting] =
      /^ok\nrequests: (\d+) dropped in the last minutes, (\d+) waiting\n$/.exec(answer.body) ?? [];
    expect(answer.statusCode).toBe(200);
    expect(Number(dropped)).toBe(15);
    expect(Number(waiting)).toBeLessThanOrEqual(10);
    await flooded.close();
  });

  it('answers 503 with Retry-After when the database is away, in readyz too, and healthz lives on', async () => {
    const broken = await createTestServer();
    await broken.addUser({ email: 'susan@example.com' });
    const link = `/reset_password/${await broken.issueToken('susan@example.com')}`;
    const unlock = await lockDatabase(broken.app.ledger);
    for (const answer of [await broken.get('/readyz'), await broken.get(link)]) {
      expect(answer.statusCode).toBe(503);
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.headers).toMatchObject(SECURITY);
      expect(answer.body).not.toMatch(/knex|sqlite|pool|select/i);
    }
    expect((await broken.get('/healthz')).statusCode).toBe(200);
    await unlock();
    expect((await broken.get('/readyz')).statusCode).toBe(200);
    await broken.close();
  });

  it('R61: shows no stack, path or SQL when a fault of ours happens, and logs it under the request id', async () => {
    const broken = await createTestServer();
    const token = await (await broken.addUser({ email: 'susan@example.com' }),
    broken.issueToken('susan@example.com'));
    await broken.app.ledger.schema.alterTable('reset_tokens', (table) => table.renameColumn('jti', 'gone'));
    const { statusCode, body, headers } = await broken.get(`/reset_password/${token}`);
    expect(statusCode).toBe(500);
    expect(body).not.toMatch(/select|jti|\.ts|node_modules|at /);
    expect(body).toContain(headers['x-request-id']);
    expect(broken.logs).toContainEqual(
      expect.objectContaining({ level: 'error', requestId: headers['x-request-id'] }),
    );
    await broken.close();
  });
});

describe('the base URL', () => {
  it.each(['/account/reset_password_request', '/reset_password_request'])(
    'works below a path that the proxy keeps or strips: %s',
    async (path) => {
      const site = await createTestServer({ config: { baseUrl: 'https://example.test/account/' } });
      const page = await site.get(path);
      expect(page.statusCode).toBe(200);
      expect(page.body).toContain('href="/account/style.css"');
      expect(page.body).toContain('action="/account/reset_password_request"');
      const { headers } = await site.post(path, { email: 'a@example.com' });
      expect(headers.location).toBe('/account/reset_password_request/sent');
      expect((await site.get('/account/style.css')).statusCode).toBe(200);
      expect((await site.get('/accountreset_password_request')).statusCode).toBe(404);
      await site.close();
    },
  );

  it('sends no HSTS for an http address on this machine', async () => {
    const site = await createTestServer({ config: { baseUrl: 'http://localhost:8025' } });
    expect((await site.get('/healthz')).headers).not.toHaveProperty('strict-transport-security');
    await site.close();
  });

  it('is needed to start', async () => {
    await expect(createTestServer({ config: { baseUrl: undefined } })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});

describe('the templates', () => {
  it('end the start when one of the operator’s is broken, naming the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reset-templates-'));
    await mkdir(join(folder, 'page'));
    await writeFile(join(folder, 'page', 'done.ejs'), '<p><%= nothing.at.all %></p>');
    await expect(createTestServer({ config: { templates: folder } })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('done.ejs'),
    });
    await removeFolder(folder);
  });
});

describe('the brand', () => {
  it('puts colour, logo and support into the pages, all from our own address', async () => {
    const logo = join(tmpdir(), `logo-${process.pid}.svg`);
    await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const config = { 'brand.color': '#aa0044', 'brand.logo': logo, 'brand.support': 'help@example.test' };
    const site = await createTestServer({ config });
    expect((await site.get('/style.css')).body).toContain('--accent:#aa0044');
    const page = await site.get('/reset_password_request');
    expect(page.body).toContain('<img src="/logo"');
    expect(page.body).toContain('help@example.test');
    const served = await site.get('/logo');
    expect(served.headers['content-type']).toBe('image/svg+xml');
    expect(served.body).toBe(await readFile(logo, 'utf8'));
    await site.close();
  });

  it.each(['/nowhere/logo.svg', '/etc/hostname'])('refuses to start with the logo %s', async (logo) => {
    await expect(createTestServer({ config: { 'brand.logo': logo } })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});
