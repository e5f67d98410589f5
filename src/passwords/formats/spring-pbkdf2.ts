import { randomBytes } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { pbkdf2 } from '../kdf/pbkdf2.ts';

const SHAPE = /^\{(pbkdf2(?:@SpringSecurity_v5_8)?)\}([0-9a-f]+)$/;
const TODAY = 'pbkdf2@SpringSecurity_v5_8';
/** Not in the string: both sides know them. Salt and key lengths in bytes. */
const VARIANTS: Record<string, { digest: string; iterations: number; saltBytes: number }> = {
  [TODAY]: { digest: 'sha256', iterations: 310_000, saltBytes: 16 },
  pbkdf2: { digest: 'sha1', iterations: 185_000, saltBytes: 8 },
};
const KEY_BYTES = 32;

/** Spring Security's delegating encoder with PBKDF2: salt and key in hexadecimal, parameters fixed by the prefix. */
export const springPbkdf2 = defineFormat('spring-pbkdf2', {
  read(encoded: string) {
    const [, id = '', hex = ''] = SHAPE.exec(encoded) ?? [];
    const variant = VARIANTS[id];
    if (variant === undefined || hex.length !== 2 * (variant.saltBytes + KEY_BYTES)) return undefined;
    return { id, ...variant, bytes: Buffer.from(hex, 'hex') };
  },
  async matches(password, { digest, iterations, saltBytes, bytes }) {
    const key = await pbkdf2(password, bytes.subarray(0, saltBytes), iterations, KEY_BYTES, digest);
    return bytesEqual(key, bytes.subarray(saltBytes));
  },
  async write(password, row) {
    const id = row?.id ?? TODAY;
    const { digest, iterations, saltBytes } = row ?? { digest: 'sha256', iterations: 310_000, saltBytes: 16 };
    const salt = randomBytes(saltBytes);
    const key = await pbkdf2(password, salt, iterations, KEY_BYTES, digest);
    return `{${id}}${Buffer.concat([salt, key]).toString('hex')}`;
  },
  isWeak: ({ id }) => id !== TODAY,
  parameters: ({ digest, iterations }) => ({ digest, iterations }),
  examples: [
    {
      encoded:
        '{pbkdf2@SpringSecurity_v5_8}3a19d18dd3e399a95722e745cd1c146637f0fe86d67c46e92a3e5c8780854bdbbb69e1e5ad377d2351f7262913946ccd',
      madeBy: 'Spring Security 7.1 (d449950b36)',
    },
    {
      encoded: '{pbkdf2}4ea8a6e089c391bd60a6623ad6c95df9b639f3e3010f6a19b8496dbd9b7232801045dc27b04133c1',
      madeBy: 'Spring Security 7.1 (d449950b36)',
    },
    {
      password: 'password',
      encoded: '{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc',
      madeBy: 'Spring Security, reference documentation',
    },
  ],
});
