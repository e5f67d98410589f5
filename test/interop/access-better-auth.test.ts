import { describe, expect, it } from 'vitest';
import { openBrowser, type Browser } from './support/browser.ts';
import { countAccess, endAccess } from './support/access.ts';
import { withCode } from './support/codes.ts';
import { firstPassword as password } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { startBetterAuth } from './support/start-node-peer.ts';
import { withPeer } from './support/with-peer.ts';

describe("Better Auth's second factor and sessions", () => {
  const { peer, reset } = withPeer(startBetterAuth, 'better-auth');

  const signIn = async (): Promise<{ browser: Browser; text: string }> => {
    const browser = openBrowser(peer().origin);
    const { email } = susan;
    return { browser, text: (await browser.postJson('/api/auth/sign-in/email', { email, password })).text };
  };
  const typeCode = (browser: Browser, secret: string) =>
    withCode(
      secret,
      (code) => browser.postJson('/api/auth/two-factor/verify-totp', { code }),
      ({ status }) => status !== 200,
    );
  const kinds = () => countAccess(reset());
  const end = (what: string) => endAccess(reset(), what);

  it('asks for a code until access end, and sessions from before open nothing after it', async () => {
    const { browser: first } = await signIn();
    const { text } = await first.postJson('/api/auth/two-factor/enable', { password });
    const { totpURI, backupCodes } = JSON.parse(text) as { totpURI: string; backupCodes: string[] };
    const secret = new URL(totpURI).searchParams.get('secret')!;
    expect((await typeCode(first, secret)).status).toBe(200);

    const asked = await signIn();
    expect(asked.text).toContain('"twoFactorRedirect":true');
    expect(await peer().isSignedIn(asked.browser)).toBe(false);
    expect((await typeCode(asked.browser, secret)).status).toBe(200);
    expect(await peer().isSignedIn(asked.browser)).toBe(true);
    expect((await kinds())['totp']).toBe(1);

    await end('totp');
    const plain = await signIn();
    expect(plain.text).not.toContain('twoFactorRedirect');
    const browsers = [first, asked.browser, plain.browser];
    for (const browser of browsers) expect(await peer().isSignedIn(browser)).toBe(true);
    const [code] = backupCodes;
    const spent = await openBrowser(peer().origin).postJson('/api/auth/two-factor/verify-backup-code', {
      code,
    });
    expect(spent.status).not.toBe(200);

    expect((await kinds())['session']).toBeGreaterThanOrEqual(3);
    await end('all');
    for (const browser of browsers) expect(await peer().isSignedIn(browser)).toBe(false);
    expect((await kinds())['session']).toBe(0);
    expect((await signIn()).text).not.toContain('twoFactorRedirect');
  });
});
