import { randomBytes } from 'node:crypto';
import { defineColumns } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { isWeakPbkdf2, pbkdf2, PBKDF2_FLOOR } from '../kdf/pbkdf2.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';

const columns = defineColumns('discourse', ['salt', 'algorithm', 'hash']);
const ALGORITHM = /^\$pbkdf2-sha256\$i=(\d{1,8}),l=32\$$/;
const BYTES = 32;

/** Discourse: columns `password_hash`, `password_salt` (its hexadecimal text is the salt), `password_algorithm`. */
export const discourse = defineFormat({
  name: 'discourse',
  columns,
  read(encoded: string) {
    const { salt, algorithm, hash } = columns.read(encoded) ?? { salt: '', algorithm: '', hash: '' };
    const iterations = Number(ALGORITHM.exec(algorithm)?.[1]);
    if (!(iterations > 0) || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
    return { iterations, salt, key: Buffer.from(hash, 'hex') };
  },
  async matches(password, { iterations, salt, key }) {
    return bytesEqual(await pbkdf2(password, salt, iterations, BYTES, 'sha256'), key);
  },
  async write(password, row, options) {
    const wanted = wantedNumber(options, 'iterations');
    const iterations = chooseCost(wanted, row?.iterations, PBKDF2_FLOOR.sha256, PBKDF2_FLOOR.sha256);
    const salt = randomBytes(16).toString('hex');
    const key = await pbkdf2(password, salt, iterations, BYTES, 'sha256');
    const algorithm = `$pbkdf2-sha256$i=${iterations},l=${BYTES}$`;
    return String(columns.join({ salt, algorithm, hash: key.toString('hex') }));
  },
  isWeak: ({ iterations }) => isWeakPbkdf2('sha256', iterations),
  parameters: ({ iterations }) => ({ digest: 'sha256', iterations }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        'discourse$0e87d2322832303cb060bfadd7419342$%24pbkdf2-sha256%24i=600000,l=32%24$b652082d8e6e64b702dc42ca56f7d163634bd74a90c64d882099823bad18ef8e',
      madeBy: "Discourse's password_hasher.rb",
    },
  ],
});
