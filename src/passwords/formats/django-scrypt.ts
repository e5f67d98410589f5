import { defineFormat } from '../define-format.ts';
import { randomText } from '../../values/random-text.ts';
import { readScrypt, scryptRows, writeScrypt } from '../kdf/scrypt.ts';

const SHAPE =
  /^scrypt\$(?<n>\d{1,7})\$(?<salt>[^$]+)\$(?<r>\d{1,3})\$(?<p>\d{1,3})\$(?<key>[A-Za-z0-9+/]+={0,2})$/;
/** Django's own. With a salt of 22 it fills its column of 128 characters to the last. */
const USUAL = { n: 16_384, r: 8, p: 5 };

/** Django's ScryptPasswordHasher, `scrypt$N$salt$r$p$base64`: mind the order. */
export const djangoScrypt = defineFormat('django-scrypt', {
  ...scryptRows,
  read: readScrypt(SHAPE, 'base64'),
  write: writeScrypt(
    { usual: USUAL, bytes: 64, newSalt: () => randomText(22) },
    ({ n, r, p }, salt, key) => `scrypt$${n}$${salt}$${r}$${p}$${key.toString('base64')}`,
  ),
  examples: [
    {
      encoded:
        'scrypt$16384$fuMm0troGQF9PoAsWE7JaE$8$5$VoU+hENzTcuBKqlG9c9cnkSO9PQftKN9Q0Vj6bfkHOLDL2O1xd7Vs7pIPt+7NswOYc69IbhgthbWouIoNhoS7g==',
      madeBy: 'Django 5.2.18',
    },
  ],
});
