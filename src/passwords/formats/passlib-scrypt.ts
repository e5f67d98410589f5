import { randomBytes } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { scryptRows, writeScrypt } from '../kdf/scrypt.ts';

const SHAPE = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
/** More would need 16 GiB of memory. */
const HIGHEST_LN = 24;
const USUAL = { n: 2 ** 17, r: 8, p: 1 };

/** The PHC string `$scrypt$ln=17,r=8,p=1$salt$key`: passlib and others. */
export const passlibScrypt = defineFormat('passlib-scrypt', {
  ...scryptRows,
  read(encoded: string) {
    const [, ln, r, p, salt, key] = SHAPE.exec(encoded) ?? [];
    if (salt === undefined || key === undefined || Number(ln) > HIGHEST_LN) return undefined;
    const cost = { n: 2 ** Number(ln), r: Number(r), p: Number(p) };
    return { ...cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
  },
  write: writeScrypt(
    { usual: USUAL, bytes: 32, newSalt: () => randomBytes(16) },
    ({ n, r, p }, salt, key) => `$scrypt$ln=${Math.log2(n)},r=${r},p=${p}$${unpadded(salt)}$${unpadded(key)}`,
  ),
  examples: [
    {
      encoded: '$scrypt$ln=16,r=8,p=1$3vs/h7BWihGCUGrN2RtjrA$AVqpHQ7L9PgOoLox09JDtJ1qsECfbxifQYFoA/FA5BA',
      madeBy: 'passlib 1.7.4',
    },
  ],
});

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
