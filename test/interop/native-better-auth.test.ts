import { describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { expectSmoke } from './support/expect-smoke.ts';
import { startBetterAuth } from './support/start-node-peer.ts';
import { withNativePeer } from './support/with-peer.ts';

const wanted = 'seven green apples on a roof';

describe('the endpoint of Better Auth, and a page in front of it', () => {
  const { peer: site, reset } = withNativePeer(startBetterAuth, 'better-auth');

  it('is walked by `reset smoke`', () => expectSmoke(site(), reset()));

  it('takes the token, changes the password, and refuses it the second time', async () => {
    const link = await reset().link();
    expect((await reset().verify(link)).rows()).toMatchObject([{ valid: true, issuer: 'better-auth' }]);
    const token = new URL(link).searchParams.get('token');
    const use = (newPassword: string) =>
      openBrowser(site().origin).postJson('/api/auth/reset-password', { token, newPassword });
    expect(await use(wanted)).toMatchObject({ status: 200 });
    expect(await site().accepts(wanted)).toBe(true);
    expect(await use('another one entirely')).toMatchObject({ status: 400 });
    expect((await reset().verify(link)).code).not.toBe(0);
  });
});
