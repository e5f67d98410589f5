import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../helpers/http-server.ts';
import { issueLink } from '../../src/flows/links/issue-link.ts';

const TAILS = [
  '/',
  '.',
  '%20',
  '%20%20',
  '%3E',
  '>',
  '/.',
  '),',
  '%0D%0A',
  '"',
  '/?utm_source=mail',
  '%C2%A0',
];

describe('the listener', () => {
  let site: TestServer;
  let link: string;
  beforeAll(async () => {
    site = await createTestServer();
    await site.addUser({ email: 'susan@example.com' });
    const { url } = await issueLink(site.app, {
      identifier: { email: 'susan@example.com' },
      actor: site.app.operator,
    });
    link = new URL(url).pathname;
  });
  afterAll(() => site.close());

  it.each(TAILS)('forgives a link with %j behind it', async (tail) => {
    expect((await site.get(`${link}${tail}`)).statusCode).toBe(200);
  });

  it.each(['x', '/x', '.x', '%20x', '%2'])('refuses a link with %j behind it', async (tail) => {
    expect((await site.get(`${link}${tail}`)).statusCode).toBeGreaterThanOrEqual(400);
  });

  it.each([
    ['en', 'Request a new link', 'lang="en" dir="ltr"'],
    ['de', 'Neuen Link anfordern', 'lang="de" dir="ltr"'],
    ['ko', '', 'lang="ko" dir="ltr"'],
    ['ar', '', 'lang="ar" dir="rtl"'],
    ['pt-PT,pt;q=0.9,en;q=0.8', 'Pedir um novo link', 'lang="pt-BR" dir="ltr"'],
    ['zh-CN,zh;q=0.9,en;q=0.8', '获取新链接', 'lang="zh-Hans" dir="ltr"'],
    ['zh-TW,en;q=0.8', 'Request a new link', 'lang="en" dir="ltr"'],
    ['iw-IL,iw;q=0.9', 'בקשת קישור חדש', 'lang="he" dir="rtl"'],
  ])('shows the way to a new link where there is nothing, in %s', async (locale, words, marks) => {
    const { statusCode, body } = await site.server.inject({
      url: '/reset_passwort',
      headers: { 'accept-language': locale },
    });
    expect(statusCode).toBe(404);
    expect(body).toContain('href="/reset_password_request"');
    expect(body).toContain(words);
    expect(body).toContain(`<html ${marks}>`);
  });

  it("answers HAProxy's own check, and says nothing in it", async () => {
    const answer = await site.server.inject({ method: 'OPTIONS', url: '/' });
    expect(answer.statusCode).toBe(204);
    expect(answer.body).toBe('');
    expect(answer.headers['allow']).toBe('OPTIONS');
  });
});
