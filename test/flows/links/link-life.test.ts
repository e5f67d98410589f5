import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import type { KeyName } from '../../../src/config/schema.ts';
import { bindReset, type Reset } from '../../../src/create-reset.ts';
import { linkLifeMs } from '../../../src/flows/links/link-life.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Given {
  readonly file?: Record<string, unknown>;
  readonly flags?: Partial<Record<KeyName, unknown>>;
  readonly asked?: number;
}

async function lives({ file = {}, flags = {}, asked }: Given): Promise<number[]> {
  const config = await loadConfig({ cwd: null, settings: file, flags });
  return [false, true].map((isBatch) => linkLifeMs(config, { askedMs: asked, isBatch }));
}

const native = (preset: string, link: object = {}) => ({
  users: { preset },
  link: { native: true, ...link },
});

describe('how long a link lives, alone and in a batch', () => {
  it.each<readonly [string, Given, number, number]>([
    ['of ours', {}, HOUR, DAY],
    ['of ours, with --expires-in', { flags: { 'token.expiresIn': '30m' } }, 30 * MINUTE, 30 * MINUTE],
    ['of ours, by the file', { file: { token: { expiresIn: '2h' } } }, 2 * HOUR, 2 * HOUR],
    ['of ours, by the library', { file: { token: { expiresIn: '2h' } }, asked: 90_000 }, 90_000, 90_000],
    ['of the tutorial', { file: native('flask-microblog') }, 10 * MINUTE, 10 * MINUTE],
    ['of Better Auth', { file: native('better-auth') }, HOUR, HOUR],
    [
      'of the tutorial, with link.expiresIn',
      { file: { ...native('flask-microblog', { expiresIn: '20m' }), token: { expiresIn: '2h' } } },
      20 * MINUTE,
      20 * MINUTE,
    ],
    [
      'of the tutorial, with --expires-in over link.expiresIn',
      { file: native('flask-microblog', { expiresIn: '20m' }), flags: { 'token.expiresIn': '5m' } },
      5 * MINUTE,
      5 * MINUTE,
    ],
    [
      'of Better Auth, by the library',
      { file: native('better-auth'), asked: 5 * MINUTE },
      5 * MINUTE,
      5 * MINUTE,
    ],
    ['of Django', { file: native('django') }, 3 * DAY, 3 * DAY],
    ['of Django, which does not ask us', { file: native('django'), asked: HOUR }, 3 * DAY, 3 * DAY],
    ['of Devise with link.expiresIn', { file: native('devise', { expiresIn: '2h' }) }, 2 * HOUR, 2 * HOUR],
    ['of Laravel', { file: native('laravel') }, HOUR, HOUR],
    ['of WordPress', { file: native('wordpress') }, DAY, DAY],
  ])('%s', async (_of, given, single, batch) => {
    expect(await lives(given)).toEqual([single, batch]);
  });

  it('more than a week is refused where the token carries its own end', async () => {
    const file = native('better-auth', { expiresIn: '30d' });
    await expect(lives({ file })).rejects.toMatchObject({ code: 'config_invalid' });
    expect(await lives({ file: native('django', { expiresIn: '30d' }) })).toEqual([30 * DAY, 30 * DAY]);
  });
});

const WRONG: readonly unknown[] = [40 * DAY, 7 * DAY + 1, 1000, 0, -5, NaN, Infinity, '1h', null];

describe('a life that --expires-in would refuse', () => {
  let site: TestApp | undefined;
  let reset: Reset | undefined;
  beforeAll(async () => {
    site = await createTestApp();
    await site.addUser({ email: 'susan@example.com', password: null });
    reset = bindReset(site.app);
  });
  afterAll(() => site?.close());

  it.each(WRONG)('is refused by the library: %s', async (wrong) => {
    const expiresInMs = wrong as number;
    const refusal = {
      code: 'usage_invalid',
      message: expect.stringContaining('from 1 minute to 7 days') as string,
    };
    for (const verb of ['link', 'send'] as const) {
      const asked = reset?.[verb]({ email: 'susan@example.com', expiresInMs });
      await expect(asked).rejects.toMatchObject(refusal);
    }
    expect(await site?.app.ledger('reset_tokens').select()).toEqual([]);
  });

  it.each([MINUTE, 7 * DAY])('and %d ms is taken, to the second', async (expiresInMs) => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const given = await reset?.link({ email: 'susan@example.com', expiresInMs });
    expect(Date.parse(given?.expiresAt ?? '') - before).toBeGreaterThanOrEqual(expiresInMs);
    await site?.app.ledger('reset_tokens').delete();
  });

  it.each([40 * 86_400, 1, -5, NaN, '40d', '1s', '-5'])('is refused by the file: %s', async (expiresIn) => {
    const loaded = loadConfig({ cwd: null, settings: { token: { expiresIn } } });
    await expect(loaded).rejects.toMatchObject({ code: 'config_invalid' });
    const flagged = loadConfig({ cwd: null, flags: { 'token.expiresIn': expiresIn } });
    await expect(flagged).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
