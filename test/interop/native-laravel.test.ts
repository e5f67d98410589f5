import { describe, expect, it } from 'vitest';
import { openNativePage } from '../../src/flows/native/open-native-page.ts';
import { openBrowser } from './support/browser.ts';
import { expectSmoke } from './support/expect-smoke.ts';
import { susan } from './support/peer.ts';
import { startLaravel } from './support/start-laravel.ts';
import { withNativePeer } from './support/with-peer.ts';

const wanted = 'seven green apples on a roof';
const sites = [
  { driver: 'bcrypt', timeZone: 'UTC' },
  // Its times are hours ahead of ours, and its hasher throws at hashes of another kind.
  { driver: 'argon2id', timeZone: 'Asia/Kolkata' },
  { driver: 'argon', timeZone: 'America/New_York' },
] as const;

describe.each(sites)('the password broker of Laravel, with $driver in $timeZone', ({ driver, timeZone }) => {
  const { peer: laravel, reset } = withNativePeer(
    () => startLaravel({ driver, timeZone }),
    'laravel',
    {},
    { timeZone },
  );

  it('is walked by `reset smoke`', () => expectSmoke(laravel(), reset()));

  it('takes the link, changes the password, and refuses it the second time', async () => {
    const link = await reset().link();
    expect(link).toMatch(/\/reset-password\/[0-9a-f]{64}\?email=susan%40example\.com$/);
    expect((await reset().verify(link)).rows()).toMatchObject([{ valid: true, issuer: 'laravel' }]);
    const page = await openNativePage(link, 10_000);
    expect(await page.submit?.(wanted)).toMatchObject({ status: 200 }); // the page to sign in
    expect(await laravel().accepts(wanted)).toBe(true);
    const again = await (await openNativePage(link, 10_000)).submit?.('another one entirely');
    expect(again?.says).toContain('The broker says: passwords.token');
    expect((await reset().verify(link)).code).toBe(7);
  });

  it('refuses an older link and a revoked one', async () => {
    const older = await reset().link();
    const newer = await reset().link();
    const use = async (link: string) => (await openNativePage(link, 10_000)).submit?.('never written');
    expect((await use(older))?.says).toContain('The broker says: passwords.token');
    await reset().run(['revoke', susan.email]);
    expect((await use(newer))?.says).toContain('The broker says: passwords.token');
  });

  it('made a token that `verify` takes, and until when', async () => {
    const { text } = await openBrowser(laravel().origin).get('/own-token');
    const [verified] = (
      await reset().verify(`${laravel().origin}/reset-password/${text}?email=susan%40example.com`)
    ).rows();
    expect(verified).toMatchObject({ valid: true, requestId: null, email: susan.email });
    const leftMs = Date.parse(String(verified?.['expiresAt'])) - Date.now();
    expect(Math.abs(leftMs - 3_600_000)).toBeLessThan(60_000);
  });
});
