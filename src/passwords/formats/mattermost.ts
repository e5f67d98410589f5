import { randomBytes } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { isWeakPbkdf2, pbkdf2, PBKDF2_FLOOR } from '../kdf/pbkdf2.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';

const SHAPE = /^\$pbkdf2\$f=SHA256,w=(\d{1,8}),l=32\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})$/;

/** Mattermost from 11: `$pbkdf2$f=SHA256,w=N,l=32$salt$key` in base64 without padding. */
export const mattermost = defineFormat({
  name: 'mattermost',
  /** All its hashers refuse more, as bcrypt did. */
  maxBytes: 72,
  read(encoded: string) {
    const [, iterations, salt, key] = SHAPE.exec(encoded) ?? [];
    if (salt === undefined || key === undefined) return undefined;
    const bytes = { salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
    return { iterations: Number(iterations), ...bytes };
  },
  async matches(password, { iterations, salt, key }) {
    return bytesEqual(await pbkdf2(password, salt, iterations, key.length, 'sha256'), key);
  },
  async write(password, row, options) {
    const wanted = wantedNumber(options, 'iterations');
    const iterations = chooseCost(wanted, row?.iterations, PBKDF2_FLOOR.sha256, PBKDF2_FLOOR.sha256);
    const salt = randomBytes(16);
    const key = await pbkdf2(password, salt, iterations, 32, 'sha256');
    return `$pbkdf2$f=SHA256,w=${iterations},l=32$${unpadded(salt)}$${unpadded(key)}`;
  },
  isWeak: ({ iterations }) => isWeakPbkdf2('sha256', iterations),
  parameters: ({ iterations }) => ({ digest: 'sha256', iterations }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        '$pbkdf2$f=SHA256,w=600000,l=32$blngi3oVi1VIUjnW3BLqpg$Wqr6WIz9xf9wrQ4trygDOcBF58FTGOS8Vh2gahlG2No',
      madeBy: "Mattermost's pbkdf2.go (0c456385)",
    },
  ],
});

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
