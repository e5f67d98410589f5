import { describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { expectSmoke, expectSmokeToFail } from './support/expect-smoke.ts';
import { createNative } from './support/native.ts';
import { startWordPress } from './support/start-wordpress.ts';
import { withNativePeer } from './support/with-peer.ts';

const wanted = 'seven green apples on a roof';

describe('wp-login.php of WordPress', () => {
  const { peer: wordpress, reset } = withNativePeer(() => startWordPress(), 'wordpress');

  it('is walked by `reset smoke`', () => expectSmoke(wordpress(), reset()));

  it('is not found elsewhere by `reset smoke`', async () => {
    const path = '/no-such-folder/wp-login.php?action=rp&key={token}&login={login}';
    const moved = await createNative(wordpress(), 'wordpress', undefined, { path });
    expectSmokeToFail(await moved.smoke(), {
      code: 5,
      step: "the application's page accepts the link, and opening it changes nothing",
      says: ['no form for a new password: 404', 'link.path'],
    });
  });

  it('takes the link, changes the password, and refuses it the second time', async () => {
    const link = await reset().link();
    expect((await reset().verify(link)).rows()).toMatchObject([{ valid: true, issuer: 'wordpress' }]);
    const browser = openBrowser(wordpress().origin);
    await browser.get(link);
    const form = await browser.get('/wp-login.php?action=rp');
    const done = await browser.post('/wp-login.php?action=resetpass', {
      rp_key: form.field('rp_key'),
      pass1: wanted,
      pass2: wanted,
      pw_weak: 'on',
    });
    expect(done.text).toContain('Your password has been reset');
    expect(await wordpress().accepts(wanted)).toBe(true);
    const again = openBrowser(wordpress().origin);
    await again.get(link);
    expect((await again.get('/wp-login.php?action=rp')).location).toContain('error=invalidkey');
    expect((await reset().verify(link)).code).toBe(7);
  });
});
