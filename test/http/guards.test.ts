import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../helpers/http-server.ts';

const FORM = 'application/x-www-form-urlencoded';
const OWN = 'https://accounts.example.test';

describe('the request page', () => {
  let site: TestServer;
  let requests = 0;
  beforeAll(async () => {
    site = await createTestServer({ config: { 'server.trustProxy': ['127.0.0.1'] } });
    await site.addUser({ email: 'susan@example.com' });
  });
  afterAll(() => site.close());

  const send = (payload: string, headers: Record<string, string | undefined> = {}) => {
    requests += 1; // each from an address of its own, so that no limit comes between
    const from = { 'x-forwarded-for': `10.1.${requests >> 8}.${requests & 255}` };
    const given = Object.entries({ 'content-type': FORM, ...from, ...headers }).filter(
      ([, value]) => value !== undefined,
    );
    const url = '/reset_password_request';
    return site.server.inject({
      method: 'POST',
      url,
      payload,
      headers: Object.fromEntries(given) as Record<string, string>,
    });
  };

  it.each([
    [undefined, undefined, 303],
    [undefined, OWN, 303],
    [undefined, 'null', 303],
    [undefined, 'https://evil.test', 403],
    [undefined, 'http://accounts.example.test', 403],
    [undefined, `${OWN}:8443`, 403],
    [undefined, `${OWN}.evil.test`, 403],
    ['same-origin', undefined, 303],
    ['same-origin', 'https://evil.test', 303],
    ['none', undefined, 303],
    ['same-site', OWN, 403],
    ['cross-site', OWN, 403],
    ['cross-site', undefined, 403],
    ['', undefined, 403],
    ['same-origin, cross-site', undefined, 403],
  ])('R59: with Sec-Fetch-Site %s and Origin %s answers %i', async (site, origin, status) => {
    expect((await send('email=a%40example.com', { 'sec-fetch-site': site, origin })).statusCode).toBe(status);
  });

  it('R59: mails nobody for a request from another site', async () => {
    await send('email=susan%40example.com', { 'sec-fetch-site': 'cross-site' });
    await send('{"email":"susan@example.com","x":"="}', { 'content-type': 'text/plain' });
    await site.queue.drain();
    expect(await site.app.ledger('reset_outbox').select()).toEqual([]);
  });

  it.each([
    undefined,
    'text/plain',
    'application/json',
    ' application/json',
    'application/json\ta',
    'application/json garbage',
    'multipart/form-data; boundary=x',
    `${FORM}garbage`,
    `${FORM} garbage`,
    `${FORM}; charset=utf-16`,
    `${FORM}, application/json`,
  ])('R59, R60: answers 415 to the content type %j', async (type) => {
    expect((await send('email=a%40example.com', { 'content-type': type })).statusCode).toBe(415);
  });

  it('R60: answers 415 to a form that says it is packed', async () => {
    const coded = (coding: string) => send('email=a%40example.com', { 'content-encoding': coding });
    expect((await coded('gzip')).statusCode).toBe(415);
    expect((await coded('identity')).statusCode).toBe(303);
  });

  it.each([FORM, FORM.toUpperCase(), `${FORM};charset=UTF-8`, `${FORM}; charset="utf-8"`])(
    'takes %s',
    async (type) => {
      expect((await send('email=a%40example.com', { 'content-type': type })).statusCode).toBe(303);
    },
  );

  it.each([
    ['nothing', ''],
    ['no value named email', 'Email=a%40example.com'],
    ['two values', 'email=a%40example.com&email=b%40example.com'],
    ['an array', 'email[]=a%40example.com'],
    ['an object', 'email[to]=a%40example.com'],
    ['a second field', 'email=a%40example.com&cc=b%40example.com'],
    ['__proto__', 'email=a%40example.com&__proto__=b'],
    ['__proto__ as an object', 'email=a%40example.com&__proto__[x]=b'],
    ['a NUL', 'email=a%00%40example.com'],
    ['JSON in a form', '{"email":["a@example.com"]}'],
    ['255 characters', `email=${'a'.repeat(243)}%40example.com`],
  ])('R60: answers 400 to %s', async (_name, payload) => {
    const { statusCode, body } = await send(payload);
    expect(statusCode).toBe(400);
    expect(body).not.toContain('example.com');
  });

  it('R60: takes one scalar text of 254 characters', async () => {
    expect((await send(`email=${'a'.repeat(242)}%40example.com`)).statusCode).toBe(303);
  });
});
