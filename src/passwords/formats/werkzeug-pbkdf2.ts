import { defineFormat } from '../define-format.ts';
import { chooseIterations, pbkdf2, pbkdf2Rows, readPbkdf2 } from '../kdf/pbkdf2.ts';
import { randomText } from '../../values/random-text.ts';

const SHAPE =
  /^pbkdf2:(?<digest>sha1|sha224|sha256|sha384|sha512):(?<iterations>\d{1,8})\$(?<salt>[^$]+)\$(?<key>[0-9a-f]+)$/;
/** Werkzeug 3.1's own. */
const USUAL_ITERATIONS = 1_000_000;
const BYTES = { sha256: 32, sha512: 64 } as const;

/** `pbkdf2:sha256:N$salt$hex`, where Python has no scrypt or the column is narrow (103 characters). */
export const werkzeugPbkdf2 = defineFormat('werkzeug-pbkdf2', {
  ...pbkdf2Rows,
  read: readPbkdf2(SHAPE, { key: 'hex' }),
  async write(password, row, options) {
    const digest = row?.digest === 'sha512' ? 'sha512' : 'sha256';
    const iterations = chooseIterations(options, row, digest, USUAL_ITERATIONS);
    const salt = randomText(16);
    const key = await pbkdf2(password, salt, iterations, BYTES[digest], digest);
    return `pbkdf2:${digest}:${iterations}$${salt}$${key.toString('hex')}`;
  },
  examples: [
    {
      encoded:
        'pbkdf2:sha256:1000000$KP0jpk2bgtTnHDiy$2fdc72591659a4d04d40f8b70ca369930bf369d1c6d29aee304e88a744e72381',
      madeBy: 'Werkzeug 3.1.9',
    },
    {
      encoded:
        'pbkdf2:sha512:1000000$QfQ7wlHAN9G57OqL$d1dd049dca05f8904263d6be3b6fd4a2a415ba0c3a69bdacb5f6c4037fb48ea5f072f9b938f2eb80a2bb19de311fe59467b6f41aa88ed9d1a1b2f2bf1aa35087',
      madeBy: 'Werkzeug 3.1.9',
    },
    {
      encoded:
        'pbkdf2:sha256:260000$R7xpgdC4i2oOjOSZ$791cd0b392b12c6511f562676958a0678cb37ce624fb17e1c7831d038a769d5b',
      madeBy: 'Werkzeug 2.2.2',
    },
    {
      encoded: 'pbkdf2:sha1:260000$70qv7WIKwaQVWvQT$6844c7de88d56bfa2717440ca5dbabd51f64392a',
      madeBy: 'Werkzeug 2.2.2',
    },
  ],
});
