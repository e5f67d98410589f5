import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { susan, type Application } from './support/peer.ts';
import { firstPassword } from './support/passwords.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startMediaWiki } from './support/start-mediawiki.ts';

describe('clientlogin of MediaWiki on SQLite', () => {
  let mediawiki: Application;
  let reset: Reset;

  beforeAll(async () => {
    mediawiki = await startMediaWiki();
    reset = await createReset({
      folder: mediawiki.folder,
      database: mediawiki.database,
      preset: 'mediawiki',
    });
  });
  afterAll(() => mediawiki?.stop());

  proveLogin({ peer: () => mediawiki, reset: () => reset, hashFormat: 'mediawiki-pbkdf2' });

  it('signs the user out, because the preset renews user_token', async () => {
    await succeed(reset.apply(susan.email, firstPassword));
    const browser = await mediawiki.signIn(firstPassword);
    expect(await mediawiki.isSignedIn(browser)).toBe(true);
    expect((await reset.apply(susan.email, 'a password that ends the sessions')).code).toBe(0);
    expect(await mediawiki.isSignedIn(browser)).toBe(false);
  });
});
