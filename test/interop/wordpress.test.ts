import { afterAll, beforeAll, describe } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { susan, type Application } from './support/peer.ts';
import { firstPassword } from './support/passwords.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startWordPress } from './support/start-wordpress.ts';
import { proveSignOut } from './support/with-peer.ts';

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

  describe('its sessions', () => {
    let reset: Reset;
    beforeAll(async () => void (reset = await resetWith({})));

    proveSignOut({ peer: () => wordpress, reset: () => reset }, 1);
  });
});
