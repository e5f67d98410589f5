import { describe, expect, it } from 'vitest';
import { countAccess, endAccess } from './support/access.ts';
import { withCode } from './support/codes.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { startDirectus } from './support/start-directus.ts';
import { withPeer } from './support/with-peer.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly data: Readonly<Record<string, string>>;
}

describe("Directus' second factor, sessions and tokens", () => {
  const { peer, reset } = withPeer(startDirectus, 'directus');

  async function call(method: string, path: string, body?: object, token?: string): Promise<Answer> {
    const answer = await fetch(`${peer().origin}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const { data = {} } = (text === '' ? {} : JSON.parse(text)) as { data?: Record<string, string> };
    return { status: answer.status, text, data };
  }
  const login = (more: object = {}) =>
    call('POST', '/auth/login', { email: susan.email, password: firstPassword, mode: 'json', ...more });
  const withOtp = (secret: string) =>
    withCode(
      secret,
      (otp) => login({ otp }),
      ({ status }) => status !== 200,
    );
  const kinds = () => countAccess(reset());
  const end = (what: string) => endAccess(reset(), what);

  it('asks for a code until access end, and what was there before opens nothing after it', async () => {
    const first = (await login()).data['access_token']!;
    const { data } = await call('POST', '/users/me/tfa/generate', { password: firstPassword }, first);
    const secret = data['secret']!;
    const enabled = await withCode(
      secret,
      (otp) => call('POST', '/users/me/tfa/enable', { secret, otp }, first),
      ({ status }) => status !== 204,
    );
    expect(enabled.status).toBe(204);
    expect((await login()).text).toContain('INVALID_OTP');
    const second = await withOtp(secret);
    expect(second.status).toBe(200);

    await end('totp');
    expect((await kinds())['totp']).toBe(0);
    const third = await login();
    expect(third.status).toBe(200);

    const fixed = 'a-token-of-susan-that-never-ends';
    expect((await call('PATCH', '/users/me', { token: fixed }, third.data['access_token'])).status).toBe(200);
    const refresh = [second, third].map((each) => each.data['refresh_token']!);
    const browser = await peer().signIn(firstPassword);
    expect((await call('GET', '/users/me', undefined, fixed)).status).toBe(200);
    expect(await peer().isSignedIn(browser)).toBe(true);
    expect(await kinds()).toMatchObject({ session: 4, 'api-token': 1 });

    await end('all');
    expect(Object.values(await kinds()).every((count) => count === 0)).toBe(true);
    expect((await call('GET', '/users/me', undefined, fixed)).status).toBe(401);
    expect(await peer().isSignedIn(browser)).toBe(false);
    for (const refresh_token of refresh)
      expect((await call('POST', '/auth/refresh', { refresh_token, mode: 'json' })).status).toBe(401);
    expect((await login()).status).toBe(200);
  });
});
