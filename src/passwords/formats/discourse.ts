import { randomBytes } from 'node:crypto';
import { defineColumns } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { chooseIterations, pbkdf2, pbkdf2Rows } from '../kdf/pbkdf2.ts';

const columns = defineColumns('discourse', ['salt', 'algorithm', 'hash']);
const ALGORITHM = /^\$pbkdf2-sha256\$i=(\d{1,8}),l=32\$$/;
const BYTES = 32;

/** Discourse: columns `password_hash`, `password_salt` (its hexadecimal text is the salt), `password_algorithm`. */
export const discourse = defineFormat('discourse', {
  ...pbkdf2Rows,
  columns,
  read(encoded: string) {
    const { salt, algorithm, hash } = columns.read(encoded) ?? { salt: '', algorithm: '', hash: '' };
    const iterations = Number(ALGORITHM.exec(algorithm)?.[1]);
    if (!(iterations > 0) || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
    return { digest: 'sha256', iterations, salt, key: Buffer.from(hash, 'hex') };
  },
  async write(password, row, options) {
    const iterations = chooseIterations(options, row, 'sha256');
    const salt = randomBytes(16).toString('hex');
    const key = await pbkdf2(password, salt, iterations, BYTES, 'sha256');
    const algorithm = `$pbkdf2-sha256$i=${iterations},l=${BYTES}$`;
    return String(columns.join({ salt, algorithm, hash: key.toString('hex') }));
  },
  examples: [
    {
      encoded:
        'discourse$0e87d2322832303cb060bfadd7419342$%24pbkdf2-sha256%24i=600000,l=32%24$b652082d8e6e64b702dc42ca56f7d163634bd74a90c64d882099823bad18ef8e',
      madeBy: "Discourse's password_hasher.rb",
    },
  ],
});
