import { defineFormat } from '../define-format.ts';
import { withPrefix } from '../hash-body.ts';
import { bcryptBody } from '../kdf/bcrypt.ts';
import { hexDigest } from '../kdf/digest.ts';

/** Django's BCryptSHA256PasswordHasher: bcrypt over the SHA-256 in hexadecimal, so any length is fine. */
export const djangoBcryptSha256 = defineFormat('django-bcrypt-sha256', {
  ...withPrefix('bcrypt_sha256$', bcryptBody({ prehash: (password) => hexDigest('sha256', password) })),
  examples: [
    {
      encoded: 'bcrypt_sha256$$2b$12$/McHW3w85rUm78/w/WQhHu1.4m7C6jJYreHlB/MyxVEiTI8Vwvxa6',
      madeBy: 'Django 5.2.18',
    },
    {
      encoded: 'bcrypt_sha256$$2b$12$DR6rbCgbzsfmMpzaZ5ReZ.1B4pncv/Rf5x4uIxnSy71t6tbQMB4E6',
      madeBy: 'Django 3.2.25',
    },
  ],
});
