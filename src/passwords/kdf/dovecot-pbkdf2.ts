import { defineBody } from '../hash-body.ts';
import { chooseIterations, pbkdf2, PBKDF2_FLOOR, pbkdf2Rows } from './pbkdf2.ts';
import { randomText } from '../../values/random-text.ts';

const SHAPE = /^\$1\$([^$]{1,64})\$(\d{1,8})\$([0-9a-f]{40})$/;

/** Dovecot's `$1$salt$N$hex` behind `{PBKDF2}`: PBKDF2 with SHA-1 and a salt of text. */
export const dovecotPbkdf2Body = defineBody({
  read(encoded: string) {
    const [, salt, iterations, hex] = SHAPE.exec(encoded) ?? [];
    if (salt === undefined || hex === undefined) return undefined;
    return { digest: 'sha1', salt, iterations: Number(iterations), key: Buffer.from(hex, 'hex') };
  },
  matches: pbkdf2Rows.matches,
  async write(password, row, options) {
    const iterations = chooseIterations(options, row, 'sha1');
    const salt = randomText(16);
    const key = await pbkdf2(password, salt, iterations, 20, 'sha1');
    return `$1$${salt}$${iterations}$${key.toString('hex')}`;
  },
  isWeak: ({ iterations }) => iterations < PBKDF2_FLOOR.sha1,
  parameters: pbkdf2Rows.parameters,
});
