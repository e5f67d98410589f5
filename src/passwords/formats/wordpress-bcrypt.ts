import { createHmac } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { withPrefix } from '../hash-body.ts';
import { bcryptBody } from '../kdf/bcrypt.ts';

/** WordPress uses the key to separate its uses of HMAC; it is not a secret. */
const prehash = (password: string): string =>
  createHmac('sha384', 'wp-sha384').update(password).digest('base64');

/** WordPress from 6.8: `$wp` and bcrypt over an HMAC, so that no password is too long for bcrypt. */
export const wordpressBcrypt = defineFormat('wordpress-bcrypt', {
  ...withPrefix('$wp', bcryptBody({ prehash, usual: { cost: 12, prefix: '2y' } })),
  maxBytes: 4096,
  examples: [
    {
      encoded: '$wp$2y$12$W5d1Iq2EAXp9H6QfJEsZY.KclMaCfrw8KYhgUHACxeO.FzuJAoUve',
      madeBy: 'WordPress 7.1.4, PHP 8.4.27',
    },
  ],
});
