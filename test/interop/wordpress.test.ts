import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { susan, type Application } from './support/peer.ts';
import { firstPassword } from './support/passwords.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startWordPress } from './support/start-wordpress.ts';

describe('wp-login.php of WordPress on MariaDB', () => {
  let wordpress: Application;
  const resetWith = (users: Record<string, unknown>) =>
    createReset({ folder: wordpress.folder, database: wordpress.database, preset: 'wordpress', users });

  beforeAll(async () => {
    wordpress = await startWordPress();
  });
  afterAll(() => wordpress?.stop());

  describe('with the format that the row has', () => {
    let reset: Reset;
    beforeAll(async () => void (reset = await resetWith({})));

    proveLogin({ peer: () => wordpress, reset: () => reset, hashFormat: ['phpass', 'wordpress-bcrypt'] });
  });

  describe('with plain bcrypt', () => {
    let reset: Reset;
    beforeAll(async () => {
      reset = await resetWith({ hash: 'bcrypt' });
      await succeed(reset.apply(susan.email, firstPassword));
    });

    proveLogin({
      peer: () => wordpress,
      reset: () => reset,
      hashFormat: 'bcrypt',
      // The slashes that WordPress adds count; the 80 bytes have none.
      maxBytes: 72,
    });
  });

  it('signs the user out everywhere', async () => {
    const reset = await resetWith({});
    await succeed(reset.apply(susan.email, firstPassword));
    const browsers = [await wordpress.signIn(firstPassword), await wordpress.signIn(firstPassword)];
    for (const browser of browsers) expect(await wordpress.isSignedIn(browser)).toBe(true);
    const applied = await reset.apply(susan.email, 'a password that ends the sessions');
    expect(applied.rows()).toMatchObject([{ sessionsEnded: 1 }]);
    for (const browser of browsers) expect(await wordpress.isSignedIn(browser)).toBe(false);
  });
});
