import { randomBytes } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { chooseIterations, pbkdf2, pbkdf2Rows, readPbkdf2 } from '../kdf/pbkdf2.ts';

const SHAPE =
  /^\$pbkdf2\$f=SHA256,w=(?<iterations>\d{1,8}),l=32\$(?<salt>[A-Za-z0-9+/]+)\$(?<key>[A-Za-z0-9+/]{43})$/;

/** Mattermost from 11: `$pbkdf2$f=SHA256,w=N,l=32$salt$key` in base64 without padding. */
export const mattermost = defineFormat('mattermost', {
  ...pbkdf2Rows,
  /** All its hashers refuse more, as bcrypt did. */
  maxBytes: 72,
  read: readPbkdf2(SHAPE, { key: 'base64', salt: 'base64', digest: 'sha256' }),
  async write(password, row, options) {
    const iterations = chooseIterations(options, row, 'sha256');
    const salt = randomBytes(16);
    const key = await pbkdf2(password, salt, iterations, 32, 'sha256');
    return `$pbkdf2$f=SHA256,w=${iterations},l=32$${unpadded(salt)}$${unpadded(key)}`;
  },
  examples: [
    {
      encoded:
        '$pbkdf2$f=SHA256,w=600000,l=32$blngi3oVi1VIUjnW3BLqpg$Wqr6WIz9xf9wrQ4trygDOcBF58FTGOS8Vh2gahlG2No',
      madeBy: "Mattermost's pbkdf2.go (0c456385)",
    },
  ],
});

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
