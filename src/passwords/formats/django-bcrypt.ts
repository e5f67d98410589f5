import { defineFormat } from '../define-format.ts';
import { BCRYPT_MAX_BYTES, hashBcrypt, isWeakBcrypt, readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';
import { withoutPrefix } from '../without-prefix.ts';

const PREFIX = 'bcrypt$';

/** Django's BCryptPasswordHasher: bcrypt over the password itself. */
export const djangoBcrypt = defineFormat({
  name: 'django-bcrypt',
  maxBytes: BCRYPT_MAX_BYTES,
  read(encoded: string) {
    const inner = withoutPrefix(encoded, PREFIX);
    const parts = readBcrypt(inner);
    return parts && { ...parts, inner };
  },
  matches: (password, { inner }) => verifyBcrypt(password, inner),
  write: async (password, row, options) =>
    PREFIX + (await hashBcrypt(password, { ...options, like: row?.inner })),
  isWeak: isWeakBcrypt,
  parameters: ({ prefix, cost }) => ({ prefix, cost }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded: 'bcrypt$$2b$12$xPjMQRlKZW9cI9pRrt/ozODnPMWFRbZlP/LvUnmf9gNgLrzXehTYi',
      madeBy: 'Django 5.2.18',
    },
    {
      password: 'correct horse battery staple',
      encoded: 'bcrypt$$2b$12$nKs8Dmbk0vQRWe9VJUhuteoPe0JJ3.4d8miv3WXHhWQQWlA5XuXl2',
      madeBy: 'Django 3.2.25',
    },
  ],
});
