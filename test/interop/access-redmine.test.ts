import { describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import type { Browser } from './support/browser.ts';
import { countAccess, endAccess } from './support/access.ts';
import { withCode } from './support/codes.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { startRedmine } from './support/start-redmine.ts';
import { withPeer } from './support/with-peer.ts';

describe("Redmine's second factor, sessions, and password to be changed", () => {
  const { peer, reset } = withPeer(startRedmine, 'redmine');

  const end = (what: string) => endAccess(reset(), what);
  const csrfOf = ({ text }: { readonly text: string }): string =>
    /<meta name="csrf-token" content="([^"]+)"/.exec(text)?.[1] ?? '';
  const kinds = () => countAccess(reset());

  /** Gives the key that the person's app would scan. */
  async function enrol(browser: Browser): Promise<string> {
    const authenticity_token = csrfOf(await browser.get('/my/account'));
    await browser.post('/my/twofa/totp/activate/init', { authenticity_token });
    const page = await browser.get('/my/twofa/totp/activate/confirm');
    const secret = (/<code>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1] ?? '').replaceAll(' ', '');
    const done = await withCode(
      secret,
      (twofa_code) =>
        browser.post('/my/twofa/totp/activate', { twofa_code, authenticity_token: csrfOf(page) }),
      ({ location = '' }) => !location.endsWith('/my/account'),
      1, // it takes each code once, and the login wants one, too
    );
    expect(done.location).toMatch(/\/my\/account$/);
    return secret;
  }

  it('asks for a code until access end, and sessions from before open nothing after it', async () => {
    const first = await peer().signIn(firstPassword);
    const secret = await enrol(first);

    const asked = await peer().signIn(firstPassword);
    expect(await peer().isSignedIn(asked)).toBe(false);
    const page = await asked.get('/account/twofa/confirm');
    await withCode(
      secret,
      (twofa_code) => asked.post('/account/twofa', { twofa_code, authenticity_token: csrfOf(page) }),
      ({ location = '' }) => location.endsWith('/twofa/confirm'),
    );
    expect(await peer().isSignedIn(asked)).toBe(true);
    expect((await kinds())['totp']).toBe(1);

    await end('totp');
    const plain = await peer().signIn(firstPassword);
    const browsers = [first, asked, plain];
    for (const browser of browsers) expect(await peer().isSignedIn(browser)).toBe(true);

    expect((await kinds())['session']).toBeGreaterThanOrEqual(3);
    await end('all');
    for (const browser of browsers) expect(await peer().isSignedIn(browser)).toBe(false);
    expect((await kinds())['session']).toBe(0);
  });

  it('sends the person to the page for a new password after require, until a reset', async () => {
    const before = await peer().signIn(firstPassword);
    expect((await before.get('/my/page')).status).toBe(200);
    await succeed(reset().run(['require', susan.email, '--yes']));
    const asked = await peer().signIn(firstPassword);
    expect(await asked.get('/my/page')).toMatchObject({
      status: 302,
      location: expect.stringMatching(/\/my\/password$/) as string,
    });

    const wanted = 'seven green apples on a roof';
    await succeed(reset().apply(susan.email, wanted));
    const done = await peer().signIn(wanted);
    expect((await done.get('/my/page')).status).toBe(200);
  });
});
