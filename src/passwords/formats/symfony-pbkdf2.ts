import { saltedColumns } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { pbkdf2 } from '../kdf/pbkdf2.ts';

/** The defaults of Pbkdf2PasswordHasher; the configuration of the application may say otherwise. */
const ITERATIONS = 1000;
const BYTES = 40;

/** Symfony's `pbkdf2` with the salt in a column of its own. Read only: `auto` migrates it. */
export const symfonyPbkdf2 = defineFormat('symfony-pbkdf2', {
  ...saltedColumns('symfony', /^([A-Za-z0-9+/]{54}==)$/, 'base64'),
  async matches(password, { salt, key }) {
    return bytesEqual(await pbkdf2(password, salt, ITERATIONS, BYTES, 'sha512'), key);
  },
  parameters: () => ({ digest: 'sha512', iterations: ITERATIONS }),
  examples: [
    {
      encoded:
        'symfony$0123456789abcdef0123456789abcdef$ZWdxhP6lrVe9fG5kdZJegF0a3+JJ6c31muh53+5Y642r+9m6TjBOmA==',
      madeBy: 'Symfony PasswordHasher 7.4.22',
    },
  ],
});
