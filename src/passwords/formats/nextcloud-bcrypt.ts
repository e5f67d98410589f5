import { defineFormat } from '../define-format.ts';
import { BCRYPT_MAX_BYTES, hashBcrypt, isWeakBcrypt, readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';
import { withoutPrefix } from '../without-prefix.ts';

const PREFIX = '1|';
const USUAL = { cost: 12, prefix: '2y' };

/** Nextcloud's Hasher, version 1, where PHP has no Argon2. */
export const nextcloudBcrypt = defineFormat({
  name: 'nextcloud-bcrypt',
  maxBytes: BCRYPT_MAX_BYTES,
  read(encoded: string) {
    const inner = withoutPrefix(encoded, PREFIX);
    const parts = readBcrypt(inner);
    return parts && { ...parts, inner };
  },
  matches: (password, { inner }) => verifyBcrypt(password, inner),
  write: async (password, row, options) =>
    PREFIX + (await hashBcrypt(password, { ...options, like: row?.inner }, USUAL)),
  isWeak: isWeakBcrypt,
  parameters: ({ prefix, cost }) => ({ prefix, cost }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded: '1|$2y$12$a3MePl6BJu0RWk0PHduGa.K/ONBxIekSp2Fv0jyYeW1gvF8WoP902',
      madeBy: "Nextcloud's Hasher.php, PHP 8.4.27",
    },
    {
      password: 'password',
      encoded: '1|$2a$05$ezAE0dkwk57jlfo6z5Pql.gcIK3ReXT15W7ITNxVS0ksfhO/4E4Kq',
      madeBy: 'Nextcloud, HasherTest.php',
    },
  ],
});
