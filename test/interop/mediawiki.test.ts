import { describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { susan } from './support/peer.ts';
import { firstPassword } from './support/passwords.ts';
import { proveLogin } from './support/prove-login.ts';
import { startMediaWiki } from './support/start-mediawiki.ts';
import { withPeer } from './support/with-peer.ts';

describe('clientlogin of MediaWiki on SQLite', () => {
  const { peer: mediawiki, reset } = withPeer(startMediaWiki, 'mediawiki');

  proveLogin({ peer: mediawiki, reset, hashFormat: 'mediawiki-pbkdf2' });

  it('signs the user out, because the preset renews user_token', async () => {
    await succeed(reset().apply(susan.email, firstPassword));
    const browser = await mediawiki().signIn(firstPassword);
    expect(await mediawiki().isSignedIn(browser)).toBe(true);
    expect((await reset().apply(susan.email, 'a password that ends the sessions')).code).toBe(0);
    expect(await mediawiki().isSignedIn(browser)).toBe(false);
  });
});
