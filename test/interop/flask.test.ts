import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { susan } from './support/peer.ts';
import { firstPassword } from './support/passwords.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startFlask, type Flask } from './support/start-flask.ts';

describe('the login of a Flask site with Werkzeug’s hashes', () => {
  let flask: Flask;
  let reset: Reset;

  beforeAll(async () => {
    flask = await startFlask();
    reset = await createReset({
      folder: flask.folder,
      database: flask.database,
      preset: 'flask-microblog',
    });
  });
  afterAll(() => flask?.stop());

  proveLogin({ peer: () => flask, reset: () => reset, hashFormat: 'werkzeug-pbkdf2' });
});

describe('a session of Flask-Login', () => {
  let flask: Flask;

  beforeAll(async () => {
    flask = await startFlask();
  });
  afterAll(() => flask?.stop());

  it('stays, as the preset warns, while the API token ends', async () => {
    const reset = await createReset({
      folder: flask.folder,
      database: flask.database,
      preset: 'flask-microblog',
    });
    const browser = await flask.signIn(firstPassword);
    expect(await flask.isApiTokenGood()).toBe(true);
    const applied = await reset.apply(susan.email, 'a password that ends the API token', 'text');
    expect(applied.code).toBe(0);
    expect(applied.stderr).toContain('a new SECRET_KEY ends them all');
    expect(await flask.isApiTokenGood()).toBe(false);
    expect(await flask.isSignedIn(browser)).toBe(true);
  });
});
