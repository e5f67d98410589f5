import { argon2 } from './formats/argon2.ts';
import { phpass } from './formats/phpass.ts';
import { sha256Crypt } from './formats/sha256-crypt.ts';
import { writeArgon2 } from './kdf/argon2.ts';
import { readBcrypt, verifyBcrypt } from './kdf/bcrypt.ts';
import { hashPhpass } from './kdf/phpass.ts';

/** Nobody guesses a random token: see below. */
const leastArgon2 = { memoryKiB: 1024, passes: 2, lanes: 1 };

const argon2Hash = (type: 'argon2i' | 'argon2id') => ({
  hash: (token: string): Promise<string> => writeArgon2(token, type, leastArgon2),
  check: async (token: string, encoded: string): Promise<boolean> =>
    encoded.startsWith(`$${type}$`) && argon2.identifies(encoded) && argon2.verify(token, encoded),
});

/**
 * A hash of a random token instead of a password. Nobody guesses 119 bits and more, so the least cost that the
 * application reads does: a thousand tokens are hashed while a batch holds its rows.
 */
export const tokenHashes = {
  argon2i: argon2Hash('argon2i'),
  argon2id: argon2Hash('argon2id'),
  bcrypt: {
    async hash(token: string): Promise<string> {
      const { default: bcrypt } = await import('bcrypt');
      return (await bcrypt.hash(token, 4)).replace(/^\$2b/, '$2y');
    },
    check: async (token: string, encoded: string): Promise<boolean> =>
      readBcrypt(encoded) !== undefined && verifyBcrypt(token, encoded),
  },
  phpass: {
    hash: async (token: string): Promise<string> =>
      `$P$${await hashPhpass('md5', token, 22, { row: undefined, options: {}, usual: 7 })}`,
    check: async (token: string, encoded: string): Promise<boolean> =>
      phpass.identifies(encoded) && phpass.verify(token, encoded),
  },
  /** read only: an application writes it at a cost for passwords */
  sha256crypt: {
    check: async (token: string, encoded: string): Promise<boolean> =>
      sha256Crypt.identifies(encoded) && sha256Crypt.verify(token, encoded),
  },
} as const;
