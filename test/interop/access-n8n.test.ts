import { describe, expect, it } from 'vitest';
import { openBrowser, type Browser } from './support/browser.ts';
import { countAccess, endAccess } from './support/access.ts';
import { withCode } from './support/codes.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { startN8n } from './support/start-n8n.ts';
import { withPeer } from './support/with-peer.ts';

describe("n8n's second factor, sessions and API keys", () => {
  const { peer, reset } = withPeer(startN8n, 'n8n');

  async function signIn(more: { mfaCode?: string; mfaRecoveryCode?: string } = {}) {
    const browser = openBrowser(peer().origin);
    const login = { emailOrLdapLoginId: susan.email, password: firstPassword, ...more };
    const { status, text } = await browser.postJson('/rest/login', login);
    return { browser, status, text };
  }
  const isIn = (browser: Browser) => peer().isSignedIn(browser);
  const dataOf = ({ text }: { readonly text: string }) =>
    (JSON.parse(text) as { data: Record<string, unknown> }).data;
  const withKey = async (key: string): Promise<number> =>
    (await fetch(`${peer().origin}/api/v1/workflows`, { headers: { 'x-n8n-api-key': key } })).status;
  const kinds = () => countAccess(reset());
  const end = (what: string) => endAccess(reset(), what);

  it('asks for a code until access end, and what was there before opens nothing after it', async () => {
    const { browser: first } = await signIn();
    const { secret, recoveryCodes } = dataOf(await first.get('/rest/mfa/qr')) as {
      secret: string;
      recoveryCodes: string[];
    };
    const enabled = await withCode(
      secret,
      (mfaCode) => first.postJson('/rest/mfa/enable', { mfaCode }),
      ({ status }) => status !== 200,
    );
    expect(enabled.status).toBe(200);
    expect(await signIn()).toMatchObject({ status: 401, text: expect.stringContaining('998') as string });
    const second = await withCode(
      secret,
      (mfaCode) => signIn({ mfaCode }),
      ({ status }) => status !== 200,
    );
    expect(second.status).toBe(200);
    const third = await signIn({ mfaRecoveryCode: recoveryCodes[0]! });
    expect(third.status).toBe(200);
    expect(await kinds()).toMatchObject({ totp: 1, 'recovery-codes': 1 });

    await end('totp');
    expect(await kinds()).toMatchObject({ totp: 0, 'recovery-codes': 0 });
    // They hold the factor, and end with it.
    for (const { browser } of [second, third]) expect(await isIn(browser)).toBe(false);
    const plain = await signIn();
    expect([plain.status, await isIn(plain.browser)]).toEqual([200, true]);
    const again = dataOf(await plain.browser.get('/rest/mfa/qr'));
    expect(again['secret']).not.toBe(secret);

    const keys: string[] = [];
    for (const label of ['one', 'two']) {
      const made = await plain.browser.postJson('/rest/api-keys', {
        label,
        expiresAt: null,
        scopes: ['workflow:list'],
      });
      keys.push(String(dataOf(made)['rawApiKey']));
    }
    for (const key of keys) expect(await withKey(key)).toBe(200);
    expect((await kinds())['api-token']).toBe(2);
    await end('all');
    expect(Object.values(await kinds()).every((count) => count === 0)).toBe(true);
    for (const key of keys) expect(await withKey(key)).toBe(401);
    expect((await signIn()).status).toBe(200);
  });
});
