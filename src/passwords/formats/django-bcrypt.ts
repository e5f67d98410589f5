import { prefixedBcrypt } from '../kdf/bcrypt.ts';

/** Django's BCryptPasswordHasher: bcrypt over the password itself. */
export const djangoBcrypt = prefixedBcrypt('django-bcrypt', {
  prefix: 'bcrypt$',
  examples: [
    {
      encoded: 'bcrypt$$2b$12$xPjMQRlKZW9cI9pRrt/ozODnPMWFRbZlP/LvUnmf9gNgLrzXehTYi',
      madeBy: 'Django 5.2.18',
    },
    {
      encoded: 'bcrypt$$2b$12$nKs8Dmbk0vQRWe9VJUhuteoPe0JJ3.4d8miv3WXHhWQQWlA5XuXl2',
      madeBy: 'Django 3.2.25',
    },
  ],
});
