import { describe, expect, it } from 'vitest';
import { watchNormalize } from '../helpers/watch-normalize.ts';
import { ask, expectUsersUntouched, openSite, REQUEST } from './limited-site.ts';

const GOOD = 'seven green bottles on a wall';

describe('the limits of one network address', () => {
  it('R50: stops an address after thirty requests in a minute with 429, Retry-After and no other header', async () => {
    const site = await openSite();
    const codes = [];
    for (let count = 0; count < 31; count += 1) codes.push((await ask(site)).statusCode);
    expect(codes).toEqual([...Array<number>(30).fill(303), 429]);
    const { headers, body } = await ask(site);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Object.keys(headers).filter((name) => name.includes('ratelimit'))).toEqual([]);
    expect(body).toContain('wait a moment');
    expect((await ask(site, undefined, '192.0.2.7')).statusCode).toBe(303);
  });

  it('R50: is not fooled by X-Forwarded-For when no proxy is trusted', async () => {
    const site = await openSite();
    const codes = [];
    for (let count = 0; count < 31; count += 1)
      codes.push((await ask(site, `198.51.100.${count}`)).statusCode);
    expect(codes.at(-1)).toBe(429);
    expect(site.logs.filter(({ event }) => event === 'proxy_not_trusted')).toHaveLength(1);
  });

  it('R50: believes a trusted proxy about the last address, and nobody else', async () => {
    const site = await openSite({ config: { 'server.trustProxy': ['10.0.0.0/8'] } });
    for (let count = 0; count < 30; count += 1)
      await ask(site, `203.0.113.${count}, 198.51.100.7`, '10.1.2.3');
    expect((await ask(site, '198.51.100.7', '10.1.2.3')).statusCode).toBe(429);
    expect((await ask(site, '198.51.100.8', '10.1.2.3')).statusCode).toBe(303);
    expect((await ask(site, '198.51.100.7', '172.16.0.1')).statusCode).toBe(303);
  });

  it.each<[title: string, from: (count: number) => string]>([
    ['an address with a port', (count) => `203.0.113.${count}:${50_000 + count}`],
    ['IPv6 in brackets, with a port', (count) => `[2001:db8:${count}::7]:51234`],
    ['IPv6 in brackets', (count) => `[2001:db8:${count}::7]`],
    ['a trusted hop with a port', (count) => `203.0.113.${count}, 10.0.0.1:443`],
    ['quotes', (count) => `"203.0.113.${count}:80"`],
  ])('R50: tells visitors apart behind a proxy that writes %s', async (_title, from) => {
    const site = await openSite({ config: { 'server.trustProxy': ['10.0.0.0/8'] } });
    for (let count = 0; count < 32; count += 1)
      expect((await ask(site, from(count), '10.1.2.3')).statusCode).toBe(303);
    for (let count = 1; count < 30; count += 1) await ask(site, from(0), '10.1.2.3');
    expect((await ask(site, from(0), '10.1.2.3')).statusCode).toBe(429);
    expect(site.logs.filter(({ event }) => String(event).startsWith('proxy_'))).toEqual([]);
  });

  it.each([
    ['proxy_not_trusted', undefined, { 'x-real-ip': '203.0.113.7' }],
    ['proxy_not_trusted', undefined, { forwarded: 'for=203.0.113.7' }],
    ['proxy_not_trusted', undefined, { 'cf-connecting-ip': '203.0.113.7' }],
    ['proxy_header_missing', ['10.0.0.0/8'], { 'x-real-ip': '203.0.113.7' }],
    ['proxy_address_unreadable', ['10.0.0.0/8'], { 'x-forwarded-for': 'unknown' }],
  ])('R50: says once that visitors share a limit: %s', async (event, networks, headers) => {
    const site = await openSite(networks && { config: { 'server.trustProxy': networks } });
    for (let count = 0; count < 2; count += 1)
      await site.post(REQUEST, { email: 'a@example.com' }, { remoteAddress: '10.1.2.3', headers });
    expect(
      site.logs.filter((line) => String(line['event']).startsWith('proxy_')).map((line) => line['event']),
    ).toEqual([event]);
  });

  it('R50: counts against the proxy itself whatever it sends that is not an address, however long', async () => {
    const site = await openSite({ config: { 'server.trustProxy': ['10.0.0.0/8'] } });
    const codes = [];
    for (let count = 0; count < 31; count += 1) {
      codes.push((await ask(site, `garbage${count}'"<>${'x'.repeat(5000)}`, '10.1.2.3')).statusCode);
    }
    expect(codes.at(-1)).toBe(429);
    expect(site.logs.filter(({ event }) => event === 'http_request').map(({ ip }) => ip)).toContain(
      '10.1.2.3',
    );
  });

  it('R50: counts IPv6 by its network of 64 bits, and a mapped IPv4 address like the plain one', async () => {
    const site = await openSite();
    for (let count = 0; count < 30; count += 1)
      await ask(site, undefined, `2001:db8:1:2::${count.toString(16)}`);
    expect((await ask(site, undefined, '2001:db8:1:2:ffff::1')).statusCode).toBe(429);
    expect((await ask(site, undefined, '2001:db8:1:3::1')).statusCode).toBe(303);
    for (let count = 0; count < 30; count += 1) await ask(site, undefined, '::ffff:192.0.2.1');
    expect((await ask(site, undefined, '192.0.2.1')).statusCode).toBe(429);
  });

  it('R51: stops forged links after a hundred, by POST in the database and by GET in memory', async () => {
    const site = await openSite();
    const codes = { GET: [] as number[], POST: [] as number[] };
    for (let count = 0; count < 101; count += 1) {
      codes.GET.push((await site.get(`/reset_password/forged${count}`)).statusCode);
      codes.POST.push(
        (await site.post(`/reset_password/forged${count}`, { password: 'a', password2: 'a' })).statusCode,
      );
    }
    const expected = [...Array<number>(100).fill(400), 429];
    expect(codes).toEqual({ GET: expected, POST: expected });
    const audit = await site.app.ledger('reset_audit').where({ event: 'token_verify_failed' });
    expect(audit).toHaveLength(100);
  });

  it('R51: guesses of others and a hundred refused passwords of one person never stop a genuine link', async () => {
    const site = await openSite();
    await site.addUser({ email: 'susan@example.com' });
    const link = `/reset_password/${await site.issueToken('susan@example.com')}`;
    for (let count = 0; count < 110; count += 1)
      await site.post('/reset_password/forged', { password: 'a', password2: 'a' });
    for (let count = 0; count < 110; count += 1) {
      expect((await site.post(link, { password: 'short', password2: 'short' })).statusCode).toBe(422);
    }
    expect((await site.post(link, { password: GOOD, password2: GOOD })).statusCode).toBe(303);
  });

  it('R53: stops a link with which hundreds of passwords were refused, for an hour, and no other link', async () => {
    const site = await openSite();
    for (const email of ['susan@example.com', 'john@example.com']) await site.addUser({ email });
    const link = `/reset_password/${await site.issueToken('susan@example.com')}`;
    const set = (path: string, password: string, password2 = password) =>
      site.post(path, { password, password2 });
    for (let count = 0; count < 300; count += 1)
      expect((await set(link, 'short', count % 2 === 0 ? 'short' : 'other')).statusCode).toBe(422);
    const stopped = await set(link, 'short');
    expect([stopped.statusCode, stopped.body]).toEqual([429, expect.stringContaining('wait a moment')]);
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(3000);
    expect((await set(link, GOOD)).statusCode).toBe(429);
    expect((await site.get(link)).statusCode).toBe(200);
    const other = `/reset_password/${await site.issueToken('john@example.com')}`;
    expect((await set(other, GOOD)).statusCode).toBe(303);
    expect(await site.app.ledger('reset_audit').where({ event: 'password_change_failed' })).toHaveLength(1);
  });

  it('R53: a dead link that is tried without end is stopped, and is a row or two in the audit', async () => {
    const site = await openSite();
    await site.addUser({ email: 'susan@example.com' });
    const link = `/reset_password/${await site.issueToken('susan@example.com')}`;
    const use = async () => (await site.post(link, { password: GOOD, password2: GOOD })).statusCode;
    expect(await use()).toBe(303);
    const codes = [];
    for (let count = 0; count < 101; count += 1) codes.push(await use());
    expect(codes).toEqual([...Array<number>(100).fill(410), 429]);
    expect(await site.app.ledger('reset_audit').where({ event: 'token_reused' })).toHaveLength(1);
  });

  it('R52: leaves the users table alone, whatever a hundred requests do', () => expectUsersUntouched(100));

  it('R41: refuses a body over 16 kB before it is read, and normalises nothing', async () => {
    const site = await openSite();
    await site.addUser({ email: 'susan@example.com' });
    const link = `/reset_password/${await site.issueToken('susan@example.com')}`;
    const password = 'e\u0301'.repeat(300_000);
    const normalised = watchNormalize();
    const answer = await site.server.inject({
      method: 'POST',
      url: link,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `password=${password}`,
    });
    expect(answer.statusCode).toBe(413);
    expect(normalised().filter((length) => length > 1000)).toEqual([]);
  });
});
