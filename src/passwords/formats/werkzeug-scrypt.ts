import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { randomText } from '../../values/random-text.ts';
import { chooseScrypt, isWeakScrypt, scrypt } from '../kdf/scrypt.ts';

const SHAPE = /^scrypt:(\d{1,7}):(\d{1,3}):(\d{1,3})\$([^$]+)\$([0-9a-f]+)$/;
/** Werkzeug writes p=1; p=3 is what R37 asks for with its n, and Werkzeug reads any. The width stays 162. */
const USUAL = { n: 32_768, r: 8, p: 3 };

/** Werkzeug's default since 2.3 (Flask, Microblog): `scrypt:n:r:p$salt$hex`. */
export const werkzeugScrypt = defineFormat({
  name: 'werkzeug-scrypt',
  read(encoded: string) {
    const [, n, r, p, salt, hex] = SHAPE.exec(encoded) ?? [];
    if (salt === undefined || hex === undefined) return undefined;
    return { n: Number(n), r: Number(r), p: Number(p), salt, key: Buffer.from(hex, 'hex') };
  },
  async matches(password, { salt, key, ...cost }) {
    return bytesEqual(await scrypt(password, salt, cost, key.length), key);
  },
  async write(password, row, options) {
    const { n, r, p } = chooseScrypt(options, row, USUAL);
    const salt = randomText(16);
    const key = await scrypt(password, salt, { n, r, p }, 64);
    return `scrypt:${n}:${r}:${p}$${salt}$${key.toString('hex')}`;
  },
  isWeak: isWeakScrypt,
  parameters: ({ n, r, p }) => ({ n, r, p }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        'scrypt:32768:8:1$aBQ2sgRyAF2cFGLb$b58cc0705c88f92839aceedcddcb22b2a75b880082d277a6125f1eeaf931e0423a77ae1fee287cea1a5dc06806bcdec659d1d324f3b2faba569ad1261b1f996f',
      madeBy: 'Werkzeug 3.1.9',
    },
  ],
});
