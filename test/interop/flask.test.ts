import { describe, expect, it } from 'vitest';
import { susan } from './support/peer.ts';
import { firstPassword } from './support/passwords.ts';
import { proveLogin } from './support/prove-login.ts';
import { startFlask } from './support/start-flask.ts';
import { withPeer } from './support/with-peer.ts';

describe('the login of a Flask site with Werkzeug’s hashes', () => {
  proveLogin({ ...withPeer(() => startFlask(), 'flask-microblog'), hashFormat: 'werkzeug-pbkdf2' });
});

describe('a session of Flask-Login', () => {
  const { peer: flask, reset } = withPeer(() => startFlask(), 'flask-microblog');

  it('stays, as the preset warns, while the API token ends', async () => {
    const browser = await flask().signIn(firstPassword);
    expect(await flask().isApiTokenGood()).toBe(true);
    const applied = await reset().apply(susan.email, 'a password that ends the API token', 'text');
    expect(applied.code).toBe(0);
    expect(applied.stderr).toContain('a new SECRET_KEY ends them all');
    expect(await flask().isApiTokenGood()).toBe(false);
    expect(await flask().isSignedIn(browser)).toBe(true);
  });
});
