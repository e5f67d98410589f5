import { describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { expectSmoke, expectSmokeToFail } from './support/expect-smoke.ts';
import { createNative } from './support/native.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { startFlask } from './support/start-flask.ts';
import { withNativePeer } from './support/with-peer.ts';

const wanted = 'seven green apples on a roof';

describe('the reset page of the Flask tutorial', () => {
  const { peer: flask, reset } = withNativePeer(() => startFlask(), 'flask-microblog');

  it('is walked by `reset smoke`', () => expectSmoke(flask(), reset(), 'the link expires'));

  it('lets `reset smoke` say that the secret is wrong, or that the page is elsewhere', async () => {
    const other = await createNative(flask(), 'flask-microblog', 'another secret');
    const refused = {
      code: 5,
      step: "the application's page accepts the link, and opening it changes nothing",
    };
    expectSmokeToFail(await other.smoke(), {
      ...refused,
      says: ['no form for a new password', "appSecret is not the application's SECRET_KEY"],
    });
    const moved = await createNative(flask(), 'flask-microblog', flask().secretKey, {
      path: '/reset_password',
    });
    expectSmokeToFail(await moved.smoke(), {
      ...refused,
      says: ['no form for a new password: 404', 'Not Found', 'link.path'],
    });
    expect(await flask().accepts(firstPassword)).toBe(true);
  });

  it('takes the link and changes the password there', async () => {
    const link = await reset().link();
    const browser = openBrowser(flask().origin);
    expect((await browser.get(link)).text).toContain('<form');
    expect((await browser.post(link, { password: wanted, password2: wanted })).location).toBe('/login');
    expect(await flask().accepts(wanted)).toBe(true);
    expect(await flask().accepts(firstPassword)).toBe(false);
  });

  it('made a token that `verify` takes, and refuses one of another secret', async () => {
    const { text } = await openBrowser(flask().origin).get('/own_token');
    expect((await reset().verify(text)).rows()).toMatchObject([
      { valid: true, email: susan.email, requestId: null },
    ]);
    const other = await createNative(flask(), 'flask-microblog', 'another secret');
    expect((await other.verify(text)).code).toBe(5);
    expect((await openBrowser(flask().origin).get(await other.link())).location).toBe('/');
  });

  it('keeps a link good that was used, and `status` and `revoke` say so', async () => {
    const link = await reset().link();
    await openBrowser(flask().origin).post(link, { password: firstPassword, password2: firstPassword });
    const status = await reset().run(['status', susan.email]);
    expect(status.stdout).toContain('accepts it although the password or the address has changed since');
    const revoked = await reset().run(['revoke', susan.email]);
    expect(revoked.stderr).toContain('can still be used');
    expect((await reset().verify(link)).code).toBe(0);
  });
});
