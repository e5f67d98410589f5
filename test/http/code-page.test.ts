import { randomBytes } from 'node:crypto';
import { compare } from 'bcrypt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueCode } from '../../src/flows/links/issue-code.ts';
import { createTestServer, visible, type TestServer } from '../helpers/http-server.ts';

const GOOD = 'seven green bottles on a wall';
const CODE = '/reset_password_code';
const PASSWORD = `${CODE}/password`;
const email = 'susan@example.com';

const secret = `hex:${randomBytes(32).toString('hex')}`;

const wrongOf = (code: string): string => (code.startsWith('A') ? 'B' : 'A') + code.slice(1);
const tokenIn = (body: string): string =>
  /<input type="hidden" name="token" value="([^"]+)">/.exec(body)?.[1] ?? '';

describe('the page for codes', () => {
  let now: number;
  let site: TestServer;
  beforeEach(async () => {
    now = Date.now();
    site = await createTestServer({
      clock: { now: () => now },
      config: { secret, 'server.trustProxy': ['127.0.0.1'], 'users.active': { active: 1 } },
      prepare: (db) => db.schema.alterTable('users', (table) => table.integer('active').defaultTo(1)),
    });
    await site.addUser({ email });
  });
  afterEach(() => site.close());

  const issue = async (): Promise<string> =>
    (await issueCode(site.app, { identifier: { email }, actor: site.app.operator })).code;
  const type = (code: string, more: Record<string, string> = {}) => site.post(CODE, { email, code, ...more });
  const storedHash = async (): Promise<string> =>
    ((await site.app.usersDb('users').where({ email }).first('password_hash')) as { password_hash: string })
      .password_hash;

  it('helps phones and password managers, and the request page leads to it', async () => {
    const page = await site.get(CODE);
    expect(page.statusCode).toBe(200);
    expect(page.headers['cache-control']).toBe('no-store');
    const [, account = '', code = ''] =
      /(<input id="email"[^>]*>)[\s\S]*(<input class="code"[^>]*>)/.exec(page.body) ?? [];
    expect(account).toMatch(/ name="email" type="text" inputmode="email" [^>]*autocomplete="username"/);
    expect(code).toMatch(/ name="code" type="text" inputmode="text" [^>]*autocomplete="one-time-code"/);
    expect(page.body).not.toMatch(/onpaste|pattern=/);
    expect((await site.get('/reset_password_request')).body).toContain(`href="${CODE}"`);
    expect((await site.get(CODE)).body).not.toBe(page.body); // each form has a number of its own
  });

  it('takes the code, refuses a bad password without taking the code again, and sets a good one', async () => {
    const code = await issue();
    const form = await type(code.toLowerCase().replace('-', ''));
    expect(form.statusCode).toBe(200);
    expect(form.body).toContain(`action="${PASSWORD}"`);
    expect(form.body).toContain(`value="${email}" readonly`);
    const token = tokenIn(form.body);
    const bad = await site.post(PASSWORD, { token, password: 'short', password2: 'shorter' });
    expect(bad.statusCode).toBe(422);
    expect(bad.body).toContain('at least 15 characters');
    expect(tokenIn(bad.body)).toBe(token);
    const done = await site.post(PASSWORD, { token, password: GOOD, password2: GOOD });
    expect([done.statusCode, done.headers.location]).toEqual([303, '/reset_password/done']);
    expect(await compare(GOOD, await storedHash())).toBe(true);
    const again = await site.post(PASSWORD, { token, password: GOOD, password2: GOOD });
    expect(again.statusCode).toBe(400);
    expect(again.body).toContain('This code did not work');
    for (const answer of [form, bad, done, again]) {
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    const logged = JSON.stringify(site.logs);
    for (const secret of [code, code.replace('-', ''), token, GOOD]) expect(logged).not.toContain(secret);
  });

  it('shows the form again to the browser that loads the page again, and to nobody else', async () => {
    const code = await issue();
    const form = 'number-of-this-form';
    expect((await type(code, { form })).statusCode).toBe(200);
    const [other, without, again] = await Promise.all([
      type(code, { form: 'number-of-another' }),
      type(code),
      type(code, { form }),
    ]);
    expect([other.statusCode, without.statusCode]).toEqual([400, 400]);
    const password = { password: GOOD, password2: GOOD };
    expect((await site.post(PASSWORD, { token: tokenIn(again.body), ...password })).statusCode).toBe(303);
    const byAddress = await site.get(PASSWORD);
    expect([byAddress.statusCode, byAddress.headers.location]).toEqual([303, CODE]);
  });

  it('R99: answers unknown address, wrong, used-up, used, old, revoked and impossible codes alike, and the log says why', async () => {
    const { ledger: db } = site.app;
    // Addresses of one length, for what was typed stands in the page.
    const prepare = async (
      name: string,
      token: object = { state: 'live' },
      user: object = { active: 1 },
    ): Promise<[string, string]> => {
      const address = `${name}@example.com`;
      const id = await site.addUser({ email: address });
      const { code } = await issueCode(site.app, { identifier: { id }, actor: site.app.operator });
      await db('reset_tokens').where({ user_id: id }).update(token);
      await db('users').where({ id }).update(user);
      return [address, code];
    };
    const cases: Record<string, [account: string, code: string]> = {
      user_not_found: ['nobody@example.com', '7KQM-2X9T'],
      'user_not_found, by name': ['nobody of this one', '7KQM-2X9T'],
      code_format: [(await prepare('format'))[0], '7KQM'],
      code_wrong: [(await prepare('theyre'))[0], '7KQM-2X9T'],
      'code_spent, its tries': await prepare('trying', { code_tries: 5 }),
      'code_spent, by another': await prepare('others', { code_holder: 'x' }),
      'code_none, used': await prepare('isused', { state: 'used' }),
      'code_none, revoked': await prepare('revoke', { state: 'revoked' }),
      'code_none, too old': await prepare('tooold', { code_exp: Math.floor(now / 1000) }),
      user_inactive: await prepare('absent', undefined, { active: 0 }),
      token_revoked: await prepare('change', undefined, { password_hash: 'changed' }),
    };
    const answers = await Promise.all(
      Object.values(cases).map(async ([account, code]) => {
        const answer = visible(await site.post(CODE, { email: account, code, form: 'the-same' }));
        return { ...answer, body: answer.body.replaceAll(account, '[typed]') };
      }),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({
      statusCode: 400,
      body: expect.stringContaining('This code did not work'),
    });
    const reasons = site.logs.filter(({ event }) => event === 'http_refused').map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(
      Object.keys(cases)
        .map((reason) => reason.replace(/,.*/, ''))
        .sort(),
    );
  });

  it('R99: no answer leaves before 600 ms are over, whatever it is', async () => {
    const code = await issue();
    const timed = async (answer: () => ReturnType<typeof type>): Promise<[number, number]> => {
      const startedAt = performance.now();
      const { statusCode } = await answer();
      return [statusCode, performance.now() - startedAt];
    };
    const ends = await Promise.all([
      timed(() => type(code)),
      timed(() => type('7KQM')),
      timed(() => site.post(CODE, { email: 'nobody@example.com', code })),
      timed(() => site.post(CODE, { email })),
    ]);
    expect(ends.map(([status]) => status)).toEqual([200, 400, 400, 400]);
    for (const [, ms] of ends) expect(ms).toBeGreaterThanOrEqual(600);
  });

  it('R50: stops a network address after thirty codes in a minute, and nobody else', async () => {
    const code = await issue();
    const from = (ip: string, typed: string) =>
      site.post(CODE, { email: 'nobody@example.com', code: typed }, { headers: { 'x-forwarded-for': ip } });
    const answers = await Promise.all(Array.from({ length: 31 }, () => from('192.0.2.1', code)));
    const counts = answers.map(({ statusCode }) => statusCode).sort();
    expect(counts).toEqual([...Array.from({ length: 30 }, () => 400), 429]);
    const [neighbour, susan] = await Promise.all([from('192.0.2.2', code), type(code)]);
    expect([neighbour.statusCode, susan.statusCode]).toEqual([400, 200]);
  });

  it('R98: guesses over two listeners are counted together', async () => {
    const other = await createTestServer({
      database: site.app.config.database!.reveal(),
      config: { secret, 'server.trustProxy': ['127.0.0.1'] },
    });
    const code = await issue();
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? site : other).post(
          CODE,
          { email, code: wrongOf(code) },
          { headers: { 'x-forwarded-for': `198.51.100.${index}` } },
        ),
      ),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([400]));
    expect(await site.app.ledger('reset_tokens').select('code_tries')).toEqual([{ code_tries: 5 }]);
    await other.close();
  });

  it('takes the token of its form alone: a forged or an old one leads back to the code', async () => {
    const token = tokenIn((await type(await issue())).body);
    const password = { password: GOOD, password2: GOOD };
    const before = await storedHash();
    const forged = await site.post(PASSWORD, {
      token: `${token.slice(0, -43)}${'A'.repeat(43)}`,
      ...password,
    });
    now += 600_000;
    const old = await site.post(PASSWORD, { token, ...password });
    for (const answer of [forged, old]) {
      expect(answer.statusCode).toBe(400);
      expect(answer.body).toContain(`action="${CODE}"`);
    }
    expect(await storedHash()).toBe(before);
  });

  it('R61: knows its fields, its methods and its origin', async () => {
    const code = await issue();
    const foreign = { headers: { 'sec-fetch-site': 'cross-site' } };
    const json = { headers: { 'content-type': 'application/json' } };
    const twice = site.server.inject({
      method: 'POST',
      url: CODE,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `email=${email}&email=other@example.com&code=${code}`,
    });
    const answers = await Promise.all([
      type(code, { userId: '2' }),
      site.post(CODE, { code }),
      type('7'.repeat(101)),
      twice,
      type('x'.repeat(17_000)),
      site.post(CODE, { email, code }, foreign),
      site.post(PASSWORD, { token: 'x', password: 'x', password2: 'x' }, foreign),
      site.post(CODE, { email, code }, json),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400, 400, 400, 413, 403, 403, 415]);
    expect((await type(code)).statusCode).toBe(200);
    for (const url of [CODE, PASSWORD]) {
      const put = await site.server.inject({ method: 'PUT', url });
      expect([put.statusCode, put.headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
      expect((await site.server.inject({ method: 'HEAD', url })).body).toBe('');
    }
  });

  it('R63: shows a hostile address as text', async () => {
    const hostile = '"><script>alert(1)</script>';
    const { body } = await site.post(CODE, { email: hostile, code: '7KQM-2X9T', form: hostile });
    expect(body).not.toContain('<script>');
  });
});
