import { defineFormat } from '../define-format.ts';
import { BCRYPT_MAX_BYTES, hashBcrypt, isWeakBcrypt, readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';
import { withoutPrefix } from '../without-prefix.ts';

const PREFIX = '{bcrypt}';
/** Spring's own prefix and cost. */
const USUAL = { cost: 10, prefix: '2a' };

/** Spring Security's delegating encoder with bcrypt; a bare BCryptPasswordEncoder writes the format `bcrypt`. */
export const springBcrypt = defineFormat({
  name: 'spring-bcrypt',
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
      encoded: '{bcrypt}$2a$10$xECMHPlrdqPmbdoiKvkjReWFXziQPQ7PlyQLOYxAH0t5GID9Om2Ni',
      madeBy: 'Spring Security 7.1 (d449950b36)',
    },
    {
      password: 'password',
      encoded: '{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG',
      madeBy: 'Spring Security, reference documentation',
    },
  ],
});
