import { saltedColumns } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest } from '../kdf/digest.ts';
import { repeat } from '../kdf/repeat.ts';

/** The default of MessageDigestPasswordHasher; the configuration of the application may say otherwise. */
const ITERATIONS = 5000;

/** Symfony's message digest with the salt in a column of its own. Read only: `auto` migrates it. */
export const symfonyDigest = defineFormat('symfony-digest', {
  ...saltedColumns('symfony', /^([A-Za-z0-9+/]{86}==)$/, 'base64'),
  async matches(password, { salt, key }) {
    const salted = Buffer.from(`${password}{${salt}}`);
    const first = digest('sha512', salted);
    const last = await repeat(ITERATIONS - 1, first, (hash) =>
      digest('sha512', Buffer.concat([hash, salted])),
    );
    return bytesEqual(last, key);
  },
  parameters: () => ({ digest: 'sha512', iterations: ITERATIONS }),
  examples: [
    {
      encoded:
        'symfony$0123456789abcdef0123456789abcdef$X+mB28FttHcJMScB7dbPpPRjYyVx1j1NYQmBta862LrBtrZA456vvOwcqXY+iNbBZtEkn4scOv220cAcmoffUQ==',
      madeBy: 'Symfony PasswordHasher 7.4.22',
    },
  ],
});
