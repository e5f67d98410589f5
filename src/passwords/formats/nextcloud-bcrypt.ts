import { prefixedBcrypt } from '../kdf/bcrypt.ts';

/** Nextcloud's Hasher, version 1, where PHP has no Argon2. */
export const nextcloudBcrypt = prefixedBcrypt('nextcloud-bcrypt', {
  prefix: '1|',
  usual: { cost: 12, prefix: '2y' },
  examples: [
    {
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
