import { describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { expectSmoke, expectSmokeToFail } from './support/expect-smoke.ts';
import { createNative } from './support/native.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { startDevise } from './support/start-devise.ts';
import { withNativePeer } from './support/with-peer.ts';

const wanted = 'seven green apples on a roof';

describe('the pages of Devise', () => {
  const { peer: devise, reset } = withNativePeer(() => startDevise(), 'devise', { digest: 'sha1' });

  async function walk(link: string, password: string) {
    const browser = openBrowser(devise().origin);
    const form = await browser.get(link);
    return browser.post('/users/password', {
      _method: 'put',
      authenticity_token: form.field('authenticity_token'),
      'user[reset_password_token]': new URL(link).searchParams.get('reset_password_token') ?? '',
      'user[password]': password,
      'user[password_confirmation]': password,
    });
  }

  it('are walked by `reset smoke`', () => expectSmoke(devise(), reset()));

  it('make `reset smoke` say that the keys differ, which Devise reports once it has the password', async () => {
    const other = await createNative(devise(), 'devise', devise().secretKey, { digest: 'sha256' });
    expectSmokeToFail(await other.smoke(), {
      code: 8,
      step: 'the application accepts the new password',
      says: ['the stored hash is what it was', 'Reset password token is invalid', 'link.digest'],
    });
    expect(await devise().accepts(firstPassword)).toBe(true);
  });

  it('take the link, change the password, and refuse it the second time', async () => {
    const link = await reset().link();
    expect((await reset().verify(link)).rows()).toMatchObject([{ valid: true, issuer: 'devise' }]);
    expect((await walk(link, wanted)).status).toBeLessThan(304);
    expect(await devise().accepts(wanted)).toBe(true);
    expect((await walk(link, 'another one entirely')).text).toContain('Reset password token is invalid');
    expect((await reset().verify(link)).code).toBe(7);
  });

  it('refuse an older link, a revoked one, and one under keys of another digest', async () => {
    const older = await reset().link();
    const newer = await reset().link();
    expect((await reset().verify(older)).code).toBe(7);
    expect((await walk(older, 'an older link')).text).toContain('Reset password token is invalid');
    await reset().run(['revoke', susan.email]);
    expect((await walk(newer, 'a revoked link')).text).toContain('Reset password token is invalid');
    const other = await createNative(devise(), 'devise', devise().secretKey, { digest: 'sha256' });
    expect((await walk(await other.link(), 'other keys')).text).toContain('Reset password token is invalid');
  });
});
