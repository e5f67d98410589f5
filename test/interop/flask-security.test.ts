import { describe, expect, it } from 'vitest';
import { makeFolder, runReset } from '../helpers/run-reset.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { passwordSalt, startFlaskSecurity } from './support/start-flask-security.ts';
import { withPeer } from './support/with-peer.ts';

const users = { hash: { prehashKey: passwordSalt } };

describe.each(['bcrypt', 'argon2'] as const)('the login of Flask-Security with %s', (hash) => {
  const running = withPeer(() => startFlaskSecurity(hash), 'flask-security', { users });
  proveLogin({ ...running, hashFormat: hash });

  it('is recognised, and init asks for the key that only the site knows', async () => {
    const { database } = running.peer();
    const args = ['init', '--yes', '--no-input', '--database', database];
    const settings = '--base-url https://example.com --mail-url file:m --mail-from a@example.com'.split(' ');
    const cwd = await makeFolder();
    const ran = await runReset([...args, ...settings], { cwd });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('flask-security: Flask-Security');
    expect(ran.stderr).toContain('prehashKey');
  });
});

describe('a session of Flask-Security', () => {
  const { peer, reset } = withPeer(() => startFlaskSecurity('bcrypt'), 'flask-security', { users });

  it('ends with the password', async () => {
    const browser = await peer().signIn(firstPassword);
    expect(await peer().isSignedIn(browser)).toBe(true);
    expect((await reset().apply(susan.email, 'a password that ends the session')).code).toBe(0);
    expect(await peer().isSignedIn(browser)).toBe(false);
  });
});
