import { defineFormat } from '../define-format.ts';
import { randomText } from '../../values/random-text.ts';
import { readScrypt, scryptRows, writeScrypt } from '../kdf/scrypt.ts';

const SHAPE = /^scrypt:(?<n>\d{1,7}):(?<r>\d{1,3}):(?<p>\d{1,3})\$(?<salt>[^$]+)\$(?<key>[0-9a-f]+)$/;
/** Werkzeug writes p=1; p=3 is what R37 asks for with its n, and Werkzeug reads any. The width stays 162. */
const USUAL = { n: 32_768, r: 8, p: 3 };

/** Werkzeug's default since 2.3 (Flask, Microblog): `scrypt:n:r:p$salt$hex`. */
export const werkzeugScrypt = defineFormat('werkzeug-scrypt', {
  ...scryptRows,
  read: readScrypt(SHAPE, 'hex'),
  write: writeScrypt(
    { usual: USUAL, bytes: 64, newSalt: () => randomText(16) },
    ({ n, r, p }, salt, key) => `scrypt:${n}:${r}:${p}$${salt}$${key.toString('hex')}`,
  ),
  examples: [
    {
      encoded:
        'scrypt:32768:8:1$aBQ2sgRyAF2cFGLb$b58cc0705c88f92839aceedcddcb22b2a75b880082d277a6125f1eeaf931e0423a77ae1fee287cea1a5dc06806bcdec659d1d324f3b2faba569ad1261b1f996f',
      madeBy: 'Werkzeug 3.1.9',
    },
  ],
});
