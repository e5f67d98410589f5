import { createHmac } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { hashBcrypt, isWeakBcrypt, readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';
import { withoutPrefix } from '../without-prefix.ts';

const PREFIX = '$wp';
const USUAL = { cost: 12, prefix: '2y' };

/** WordPress from 6.8: `$wp` and bcrypt over an HMAC, so that no password is too long for bcrypt. */
export const wordpressBcrypt = defineFormat({
  name: 'wordpress-bcrypt',
  maxBytes: 4096,
  read(encoded: string) {
    const inner = withoutPrefix(encoded, PREFIX);
    const parts = readBcrypt(inner);
    return parts && { ...parts, inner };
  },
  matches: (password, { inner }) => verifyBcrypt(prehash(password), inner),
  write: async (password, row, options) =>
    PREFIX + (await hashBcrypt(prehash(password), { ...options, like: row?.inner }, USUAL)),
  isWeak: isWeakBcrypt,
  parameters: ({ prefix, cost }) => ({ prefix, cost }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded: '$wp$2y$12$W5d1Iq2EAXp9H6QfJEsZY.KclMaCfrw8KYhgUHACxeO.FzuJAoUve',
      madeBy: 'WordPress 7.1.4, PHP 8.4.27',
    },
  ],
});

/** The key is WordPress' way of telling its uses of HMAC apart; it is no secret. */
const prehash = (password: string): string =>
  createHmac('sha384', 'wp-sha384').update(password).digest('base64');
