import { describe, expect, it } from 'vitest';
import { openBrowser, type Browser } from './support/browser.ts';
import { countAccess, endAccess } from './support/access.ts';
import { withCode } from './support/codes.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { startDevise } from './support/start-devise.ts';
import { withPeer } from './support/with-peer.ts';

describe("devise-two-factor's codes and Devise's remembered browsers", () => {
  const { peer, reset } = withPeer(() => startDevise({ hasTwoFactor: true }), 'devise');

  /** Types the password, with the code if there is one, and gives the browser, signed in or not. */
  async function signIn(code?: string): Promise<Browser> {
    const browser = openBrowser(peer().origin);
    const form = await browser.get('/users/sign_in');
    await browser.post('/users/sign_in', {
      authenticity_token: form.field('authenticity_token'),
      'user[email]': susan.email,
      'user[password]': firstPassword,
      'user[remember_me]': '1',
      ...(code === undefined ? {} : { 'user[otp_attempt]': code }),
    });
    return browser;
  }
  const isIn = (browser: Browser) => peer().isSignedIn(browser);
  const signInWithCode = async (secret: string): Promise<Browser> =>
    (
      await withCode(
        secret,
        async (code) => {
          const browser = await signIn(code);
          return { browser, isSignedIn: await isIn(browser) };
        },
        ({ isSignedIn }) => !isSignedIn,
      )
    ).browser;
  const kinds = () => countAccess(reset());
  const end = (what: string) => endAccess(reset(), what);

  it('asks for a code until access end, and what was there before opens nothing after it', async () => {
    const first = await signIn();
    expect(await isIn(first)).toBe(true);
    const { text } = await first.get('/two_factor');
    const { secret, codes } = JSON.parse(text) as { secret: string; codes: string[] };

    expect(await isIn(await signIn())).toBe(false);
    const second = await signInWithCode(secret);
    expect(await isIn(second)).toBe(true);
    expect(await isIn(await signIn(codes[0]))).toBe(true);
    expect(await kinds()).toMatchObject({ totp: 1, 'recovery-codes': 1, 'remember-me': 1 });

    await end('totp');
    expect(await kinds()).toMatchObject({ totp: 0, 'recovery-codes': 1 });
    expect(await isIn(await signIn())).toBe(true);

    const remembered = [first, second].map((browser) => browser.reopened());
    for (const browser of remembered) expect(await isIn(browser.reopened())).toBe(true);
    await end('all');
    expect(Object.values(await kinds()).every((count) => count === 0)).toBe(true);
    for (const browser of remembered) expect(await isIn(browser.reopened())).toBe(false);
    expect(await isIn(await signIn())).toBe(true);
  });

  it('forgets the key: switched on again without a new one, it takes neither codes nor recovery codes', async () => {
    const browser = await signIn();
    const { text } = await browser.get('/two_factor');
    const { secret, codes } = JSON.parse(text) as { secret: string; codes: string[] };
    await end('totp,recovery-codes');
    await browser.get('/two_factor?without_key=1');
    expect(await isIn(await signIn())).toBe(false);
    expect(await isIn(await signIn(codes[1]))).toBe(false);
    expect(await isIn(await signInWithCode(secret))).toBe(false);
  });
});
