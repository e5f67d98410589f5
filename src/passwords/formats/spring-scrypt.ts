import { randomBytes } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { chooseScrypt, scrypt, scryptRows } from '../kdf/scrypt.ts';

const SHAPE =
  /^\{(scrypt(?:@SpringSecurity_v5_8)?)\}\$([0-9a-f]{5,6})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/;
const TODAY = 'scrypt@SpringSecurity_v5_8';
/** Spring writes p=1; with its n, R37 asks for two passes, and Spring reads any. */
const USUAL = { n: 65_536, r: 8, p: 2 };
const SALT_BYTES = 16;

/** Spring Security's delegating encoder with scrypt: `$parameters$salt$key`, the parameters in one hex number. */
export const springScrypt = defineFormat('spring-scrypt', {
  ...scryptRows,
  read(encoded: string) {
    const [, id, parameters, salt, key] = SHAPE.exec(encoded) ?? [];
    if (id === undefined || salt === undefined || key === undefined) return undefined;
    const number = Number.parseInt(parameters ?? '', 16);
    const cost = { n: 2 ** (number >>> 16), r: (number >>> 8) & 255, p: number & 255 };
    return { id, ...cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
  },
  async write(password, row, options) {
    const { n, r, p } = chooseScrypt(options, row, USUAL);
    const parameters = (Math.log2(n) << 16) | (r << 8) | p;
    const salt = randomBytes(row?.salt.length ?? SALT_BYTES);
    const key = await scrypt(password, salt, { n, r, p }, row?.key.length ?? 32);
    const fields = [parameters.toString(16), salt.toString('base64'), key.toString('base64')];
    return `{${row?.id ?? TODAY}}$${fields.join('$')}`;
  },
  examples: [
    {
      encoded:
        '{scrypt@SpringSecurity_v5_8}$100801$KCZrVy7EkYkUU4EQI8q62g==$91MrFRcA51DmyqBVQl16FDeWHVUzHAKbrxpZ8eOg30U=',
      madeBy: 'Spring Security 7.1 (d449950b36)',
    },
    {
      encoded:
        '{scrypt}$e0801$dMezKF/31/9Hm4KWqrrSu1yJV+VZ9BkFDIYDIdl8dyr7CD846cSxonUV8Bfm2zacDfMTkdPmbBd9xqMGcauqLg==$W3mhtNLBKPDBb3N2DV1ZtdL9mSENwdQuJihJk58Z2n8=',
      madeBy: 'Spring Security 7.1 (d449950b36)',
    },
  ],
});
