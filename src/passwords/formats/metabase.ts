import { randomUUID } from 'node:crypto';
import { defineColumns } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { BCRYPT_MAX_BYTES, hashBcrypt, isWeakBcrypt, readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';

const columns = defineColumns('metabase', ['salt', 'hash']);
const SALT_BYTES = 36;
const USUAL = { prefix: '2a', cost: 10 };

/**
 * Metabase: bcrypt of the salt and the password, in the columns `password` and `password_salt` (a UUID).
 * verify-password in https://github.com/metabase/metabase/blob/00f84ab8/src/metabase/util/password.clj
 */
export const metabase = defineFormat('metabase', {
  columns,
  read(encoded: string) {
    const { salt, hash } = columns.read(encoded) ?? { salt: '', hash: '' };
    const bcrypt = readBcrypt(hash);
    return bcrypt && { ...bcrypt, salt };
  },
  matches: (password, { salt, encoded }) => verifyBcrypt(salt + password, encoded),
  async write(password, row, options) {
    const salt = randomUUID();
    const hash = await hashBcrypt(salt + password, { ...options, like: row?.encoded }, USUAL);
    return String(columns.join({ salt, hash }));
  },
  isWeak: isWeakBcrypt,
  parameters: ({ prefix, cost }) => ({ prefix, cost }),
  maxBytes: BCRYPT_MAX_BYTES - SALT_BYTES,
  examples: [
    {
      password: 'correct horse battery',
      encoded:
        'metabase$3f0c1b52-8d1e-4a9b-b1a5-6c1f0b0f2d11$%242a%2410%24z.Ox5MZ2Q0dHz94E40m5MOXQjN50oL5/9eb86x.CWL4bhZ5hzirPO',
      madeBy: 'org.mindrot.jbcrypt.BCrypt 0.4 over salt and password, as Metabase calls it',
    },
    {
      password: 'correct horse battery',
      encoded:
        'metabase$6d4a1f0e-55c4-4a0a-9c1e-0f2b6a7c8d9e$%242a%2410%24N0aIW2RIoFRcKJIkPY51huW4P0xfW9OaRgDXEu0DXNHfpCDcVIfaG',
      madeBy: "Python's bcrypt 3.2.2 over salt and password, as Metabase calls jBCrypt",
    },
  ],
});
