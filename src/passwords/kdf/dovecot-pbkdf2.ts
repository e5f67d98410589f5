import { defineBody } from '../hash-body.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { pbkdf2, PBKDF2_FLOOR } from './pbkdf2.ts';
import { randomText } from '../../values/random-text.ts';

const SHAPE = /^\$1\$([^$]{1,64})\$(\d{1,8})\$([0-9a-f]{40})$/;

/** Dovecot's `$1$salt$N$hex` behind `{PBKDF2}`: PBKDF2 with SHA-1 and a salt of text. */
export const dovecotPbkdf2Body = defineBody({
  read(encoded: string) {
    const [, salt, iterations, hex] = SHAPE.exec(encoded) ?? [];
    if (salt === undefined || hex === undefined) return undefined;
    return { salt, iterations: Number(iterations), key: Buffer.from(hex, 'hex') };
  },
  matches: async (password, { salt, iterations, key }) =>
    bytesEqual(await pbkdf2(password, salt, iterations, key.length, 'sha1'), key),
  async write(password, row, options) {
    const floor = PBKDF2_FLOOR.sha1;
    const iterations = chooseCost(wantedNumber(options, 'iterations'), row?.iterations, floor, floor);
    const salt = randomText(16);
    const key = await pbkdf2(password, salt, iterations, 20, 'sha1');
    return `$1$${salt}$${iterations}$${key.toString('hex')}`;
  },
  isWeak: ({ iterations }) => iterations < PBKDF2_FLOOR.sha1,
  parameters: ({ iterations }) => ({ digest: 'sha1', iterations }),
});
