import { defineFormat } from '../define-format.ts';
import { hashBcrypt, isWeakBcrypt, readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';
import { hexDigest } from '../kdf/digest.ts';
import { withoutPrefix } from '../without-prefix.ts';

const PREFIX = 'bcrypt_sha256$';

/** Django's BCryptSHA256PasswordHasher: bcrypt over the SHA-256 in hexadecimal, so any length is fine. */
export const djangoBcryptSha256 = defineFormat({
  name: 'django-bcrypt-sha256',
  read(encoded: string) {
    const inner = withoutPrefix(encoded, PREFIX);
    const parts = readBcrypt(inner);
    return parts && { ...parts, inner };
  },
  matches: (password, { inner }) => verifyBcrypt(hexDigest('sha256', password), inner),
  write: async (password, row, options) =>
    PREFIX + (await hashBcrypt(hexDigest('sha256', password), { ...options, like: row?.inner })),
  isWeak: isWeakBcrypt,
  parameters: ({ prefix, cost }) => ({ prefix, cost }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded: 'bcrypt_sha256$$2b$12$/McHW3w85rUm78/w/WQhHu1.4m7C6jJYreHlB/MyxVEiTI8Vwvxa6',
      madeBy: 'Django 5.2.18',
    },
    {
      password: 'correct horse battery staple',
      encoded: 'bcrypt_sha256$$2b$12$DR6rbCgbzsfmMpzaZ5ReZ.1B4pncv/Rf5x4uIxnSy71t6tbQMB4E6',
      madeBy: 'Django 3.2.25',
    },
  ],
});
