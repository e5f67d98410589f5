import { randomBytes } from 'node:crypto';
import { defineColumns } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { pbkdf2 } from '../kdf/pbkdf2.ts';

const columns = defineColumns('payload', ['salt', 'hash']);
const SHAPE = /^pbkdf2-sha256-v1:([0-9a-f]{64})$/;
/** Not in the columns: both sides know them. */
const ITERATIONS = 600_000;

/** Payload CMS from 3.90.0: columns `salt` (its hexadecimal text is the salt) and `hash`. */
export const payloadV1 = defineFormat({
  name: 'payload-v1',
  columns,
  read(encoded: string) {
    const { salt, hash } = columns.read(encoded) ?? { salt: '', hash: '' };
    const hex = SHAPE.exec(hash)?.[1];
    return hex === undefined ? undefined : { salt, key: Buffer.from(hex, 'hex') };
  },
  matches: async (password, { salt, key }) => bytesEqual(await derive(password, salt), key),
  async write(password) {
    const salt = randomBytes(32).toString('hex');
    const hash = `pbkdf2-sha256-v1:${(await derive(password, salt)).toString('hex')}`;
    return ['payload', salt, hash].join('$');
  },
  isWeak: () => false,
  parameters: () => ({ digest: 'sha256', iterations: ITERATIONS }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        'payload$3edd3224074c5e48fdc54f83492a906c1b38157879350ff30d1d90afe5f62259$pbkdf2-sha256-v1:45433e519dec85ed4cb95230234087c68cb67c73b0c1f4695375e6aa2c7e269b',
      madeBy: 'Payload 3.90.2',
    },
  ],
});

const derive = (password: string, salt: string): Promise<Buffer> =>
  pbkdf2(password, salt, ITERATIONS, 32, 'sha256');
