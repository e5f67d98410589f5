import { randomBytes } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { scrypt } from '../kdf/scrypt.ts';

const SHAPE = /^(s2:)?([0-9a-f]{32}):([0-9a-f]{128})$/;
/** Not in the string: both sides know them. */
const COST = { n: 16_384, r: 16, p: 1 };

/** better-auth and Lucia: `salt:key` in hexadecimal, the salt used as its text, the password in NFKC. */
export const betterAuth = defineFormat('better-auth', {
  read(encoded: string) {
    const [, prefix = '', salt, hex] = SHAPE.exec(encoded) ?? [];
    return salt === undefined || hex === undefined
      ? undefined
      : { prefix, salt, key: Buffer.from(hex, 'hex') };
  },
  matches: async (password, { salt, key }) => bytesEqual(await derive(password, salt), key),
  async write(password, row) {
    const salt = randomBytes(16).toString('hex');
    return `${row?.prefix ?? ''}${salt}:${(await derive(password, salt)).toString('hex')}`;
  },
  isWeak: () => false,
  parameters: () => COST,
  examples: [
    {
      encoded:
        '6ea7e23da86e2cff282e171819e286a6:c6159c5b6729db10c85c8071c71282a6570afe24fc2c3d913cc9c3f7ad498d3acd27f44aad3482f49d49e189bb013c01e85806130a38be8810c2d26aedd2461a',
      madeBy: 'better-auth 1.7.25',
    },
    {
      encoded:
        '2b256304084721b9f355925549c47a3b:3ac510846bb209ee4e22df338d30d619f2f51f1176dd089036426606795878769b8d1cc4e56d322c86b6619fb3c61326c4a48b4757be00e6dfb24b2ad35ce11f',
      madeBy: 'Lucia 3.2.2',
    },
    {
      encoded:
        's2:d58a42c1a3bab6e5f2b384a18754f67f:49638e89a598aef57640d9b660e3ad4751560ef7a481fe0cabf5fa45222dcd43cff4b9e8d9f6ed2159e403dc5c95515a1af8bcb45e71708ea196fc1e5b378818',
      madeBy: 'Lucia 3.2.2, LegacyScrypt',
    },
  ],
});

const derive = (password: string, salt: string): Promise<Buffer> =>
  scrypt(password.normalize('NFKC'), salt, COST, 64);
