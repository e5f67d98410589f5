import { compare } from 'bcrypt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSiteWithLink, createTestServer, visible, type TestServer } from '../helpers/http-server.ts';

const GOOD = 'seven green bottles on a wall';
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
  'Mozilla/4.0 (compatible; ms-office; MSOffice 16)',
  'Mozilla/5.0 (compatible; GoogleImageProxy)',
  'Barracuda Sentinel (EE)',
  'curl/8.5.0',
];

describe('the reset page', () => {
  let site: TestServer;
  let link: string;
  beforeEach(async () => {
    ({ site, link } = await createSiteWithLink());
  });
  afterEach(() => site.close());

  const storedHash = async (email: string): Promise<string> =>
    ((await site.app.usersDb('users').where({ email }).first('password_hash')) as { password_hash: string })
      .password_hash;

  it('sets the new password once, and leads to the done page', async () => {
    const answer = await site.post(link, { password: GOOD, password2: GOOD });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/reset_password/done']);
    expect(await compare(GOOD, await storedHash('susan@example.com'))).toBe(true);
    const again = await site.post(link, { password: GOOD, password2: GOOD });
    expect(again.statusCode).toBe(410);
    expect(again.body).toContain('already been used');
    expect(again.body).toContain('href="/reset_password_request"');
  });

  it('R27: logs nobody in: no cookie, and the done page leads to the configured sign-in without a Referer', async () => {
    const answer = await site.post(link, { password: GOOD, password2: GOOD });
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect((await site.get('/reset_password/done')).body).not.toContain('<a ');
    const other = await createTestServer({ config: { loginUrl: 'https://example.test/login' } });
    const done = await other.get('/reset_password/done');
    expect(done.headers).not.toHaveProperty('set-cookie');
    expect(done.body).toMatch(/<a class="button" href="https:\/\/example\.test\/login" rel="noreferrer">/);
    await other.close();
  });

  it('shows the form with every violation at once, and the link stays good', async () => {
    const answer = await site.post(link, { password: 'short', password2: 'shorter' });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('at least 15 characters');
    expect(answer.body).toContain('don’t match');
    expect(answer.body).toContain('name="password2"');
    expect(answer.body).not.toContain('shorter');
    expect((await site.post(link, { password: GOOD, password2: GOOD })).statusCode).toBe(303);
  });

  it.each([
    ['with a NUL', `${GOOD}\0`],
    ['of 73 bytes under bcrypt', 'ä'.repeat(36) + 'x'],
    ['that is empty', ''],
    ['of spaces that is too short', ' '.repeat(14)],
  ])('refuses a password %s with 422, and changes nothing', async (_name, password) => {
    const before = await site.dump('users', 'reset_tokens');
    expect((await site.post(link, { password, password2: password })).statusCode).toBe(422);
    expect(await site.dump('users', 'reset_tokens')).toBe(before);
  });

  it('R28: GET and HEAD fifty times with five user agents and OPTIONS change nothing, then the POST works', async () => {
    const before = await site.dump();
    for (const agent of AGENTS) {
      for (let count = 0; count < 50; count += 1) {
        for (const method of ['GET', 'HEAD', 'OPTIONS'] as const) {
          const { statusCode } = await site.server.inject({
            method,
            url: link,
            headers: { 'user-agent': agent },
          });
          expect(statusCode).toBe(method === 'OPTIONS' ? 405 : 200);
        }
      }
    }
    expect(await site.dump()).toBe(before);
    expect((await site.post(link, { password: GOOD, password2: GOOD })).statusCode).toBe(303);
  });

  it('R28: an empty form that a scanner submits spends nothing', async () => {
    expect((await site.post(link, { password: '', password2: '' })).statusCode).toBe(422);
    expect((await site.post(link, {})).statusCode).toBe(400);
    expect((await site.get(link)).statusCode).toBe(200);
  });

  it.each(['userId', 'email', 'sub', 'id'])(
    'R25: refuses a body that names a user by %s, and touches nobody',
    async (field) => {
      await site.addUser({ email: 'other@example.com' });
      const before = await site.dump();
      const answer = await site.post(link, { password: GOOD, password2: GOOD, [field]: '2' });
      expect(answer.statusCode).toBe(400);
      expect(await site.dump()).toBe(before);
    },
  );

  it('R20: answers thirty bad tokens alike in status, headers and bytes, and tells them apart in the log', async () => {
    const token = link.slice('/reset_password/'.length);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const bad = [
      '', 'x', 'x.y.z', token.slice(0, -1), `${token}x`, token.slice(1), token.replaceAll('.', '%2E%2E'), '%20', '%zz', '%',
      '%00', '%ff', 'null', '[object Object]'.replaceAll(' ', '%20'), 'a'.repeat(150), 'a'.repeat(3000), `${header}.${payload}.`,
      `.${payload}.${signature}`, `${header}..${signature}`, `${header}.${payload}.${'A'.repeat(43)}`, `${payload}.${header}.${signature}`,
      `${encode({ alg: 'none', typ: 'pwreset+jwt', kid })}.${payload}.${signature}`,
      `${encode({ alg: 'HS256', typ: 'JWT', kid })}.${payload}.${signature}`,
      `${encode({ alg: 'HS256', typ: 'pwreset+jwt', kid: 'other' })}.${payload}.${signature}`,
      `${encode({ alg: 'HS256', typ: 'pwreset+jwt', kid: '__proto__' })}.${payload}.${signature}`,
      `${encode({ alg: 'HS256', typ: 'pwreset+jwt', kid, crit: ['b64'] })}.${payload}.${signature}`,
      `${header}.${encode({ sub: '2' })}.${signature}`, `${header}.${encode('hello')}.${signature}`,
      `${header}.${encode(null)}.${signature}`, `${header}=.${payload}.${signature}`,
    ]; // prettier-ignore
    expect(bad).toHaveLength(30);
    const answers = [];
    for (const one of bad) answers.push(visible(await site.get(`/reset_password/${one}`)));
    expect(answers[0]?.statusCode).toBe(400);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const reasons = new Set(
      site.logs.filter(({ event }) => event === 'http_refused').map(({ reason }) => reason),
    );
    expect([...reasons].sort()).toEqual(['format', 'header', 'key', 'signature']);
  });

  it.each(['GET', 'POST'] as const)(
    'R46: %s answers a link of a deleted user like a bad signature',
    async (method) => {
      await site.app.usersDb('users').where({ email: 'susan@example.com' }).delete();
      const ask = (path: string) =>
        method === 'GET' ? site.get(path) : site.post(path, { password: GOOD, password2: GOOD });
      const [gone, forged] = [await ask(link), await ask(`${link.slice(0, -43)}${'A'.repeat(43)}`)];
      expect(gone.statusCode).toBe(400);
      expect(visible(gone)).toEqual(visible(forged));
    },
  );

  it('R26: refuses the link of a user who was switched off meanwhile, like a bad signature', async () => {
    const other = await createTestServer({
      config: { 'users.active': { active: 1 } },
      prepare: (db) => db.schema.alterTable('users', (table) => table.integer('active').defaultTo(1)),
    });
    await other.addUser({ email: 'susan@example.com' });
    const path = `/reset_password/${await other.issueToken('susan@example.com')}`;
    expect((await other.get(path)).statusCode).toBe(200);
    await other.app.usersDb('users').update({ active: 0 });
    const before = await other.dump('users', 'reset_tokens');
    const [off, forged] = [await other.get(path), await other.get(`${path.slice(0, -43)}${'A'.repeat(43)}`)];
    expect(visible(off)).toEqual(visible(forged));
    expect((await other.post(path, { password: GOOD, password2: GOOD })).statusCode).toBe(400);
    expect(await other.dump('users', 'reset_tokens')).toBe(before);
    await other.close();
  });

  it('says which when a genuine link is expired, and offers a new one', async () => {
    let now = Date.now();
    const late = await createTestServer({ clock: { now: () => now } });
    await late.addUser({ email: 'susan@example.com' });
    const path = `/reset_password/${await late.issueToken('susan@example.com')}`;
    now += 3_600_000;
    const answer = await late.get(path);
    expect(answer.statusCode).toBe(410);
    expect(answer.body).toContain('This link has expired');
    expect(answer.body).toContain('href="/reset_password_request"');
    await late.close();
  });

  it('R41: twenty parallel POSTs hash one after another while other pages answer', async () => {
    const posts = Array.from({ length: 20 }, () => site.post(link, { password: GOOD, password2: GOOD }));
    const page = await site.get('/reset_password_request');
    expect(page.statusCode).toBe(200);
    const codes = (await Promise.all(posts)).map(({ statusCode }) => statusCode);
    expect(codes.filter((code) => code === 303)).toHaveLength(1);
    expect(codes.filter((code) => code === 410)).toHaveLength(19);
  });

  it('R42: answers 503 with Retry-After when too many hashes wait, and the link stays good', async () => {
    const posts = Array.from({ length: 100 }, () => site.post(link, { password: GOOD, password2: GOOD }));
    const answers = await Promise.all(posts);
    const busy = answers.filter(({ statusCode }) => statusCode === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(Number(busy[0]?.headers['retry-after'])).toBeGreaterThan(0);
    expect(answers.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1);
  });
});
