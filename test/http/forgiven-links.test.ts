import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSiteWithLink, type TestServer } from '../helpers/http-server.ts';

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
    ({ site, link } = await createSiteWithLink());
  });
  afterAll(() => site.close());

  it.each(TAILS)('forgives a link with %j behind it', async (tail) => {
    expect((await site.get(`${link}${tail}`)).statusCode).toBe(200);
  });

  it.each(['x', '/x', '.x', '%20x', '%2'])('refuses a link with %j behind it', async (tail) => {
    expect((await site.get(`${link}${tail}`)).statusCode).toBeGreaterThanOrEqual(400);
  });

  it.each([
    { asked: 'en', lang: 'en', dir: 'ltr', words: 'Request a new link' },
    { asked: 'de', lang: 'de', dir: 'ltr', words: 'Neuen Link anfordern' },
    { asked: 'ko', lang: 'ko', dir: 'ltr', words: '' },
    { asked: 'ar', lang: 'ar', dir: 'rtl', words: '' },
    { asked: 'pt-PT,pt;q=0.9,en;q=0.8', lang: 'pt-BR', dir: 'ltr', words: 'Pedir um novo link' },
    { asked: 'zh-CN,zh;q=0.9,en;q=0.8', lang: 'zh-Hans', dir: 'ltr', words: '获取新链接' },
    { asked: 'zh-TW,en;q=0.8', lang: 'en', dir: 'ltr', words: 'Request a new link' },
    { asked: 'iw-IL,iw;q=0.9', lang: 'he', dir: 'rtl', words: 'בקשת קישור חדש' },
  ])('shows the way to a new link where there is nothing, in $asked', async ({ asked, lang, dir, words }) => {
    const { statusCode, body } = await site.server.inject({
      url: '/reset_passwort',
      headers: { 'accept-language': asked },
    });
    expect(statusCode).toBe(404);
    expect(body).toContain('href="/reset_password_request"');
    expect(body).toContain(words);
    expect(body).toContain(`<html lang="${lang}" dir="${dir}">`);
  });

  it("answers HAProxy's own check, and says nothing in it", async () => {
    const answer = await site.server.inject({ method: 'OPTIONS', url: '/' });
    expect(answer.statusCode).toBe(204);
    expect(answer.body).toBe('');
    expect(answer.headers['allow']).toBe('OPTIONS');
  });
});
