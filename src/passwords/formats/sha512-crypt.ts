import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { randomText } from '../../values/random-text.ts';
import { sha512CryptDigest } from '../kdf/sha512-crypt.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';

const SHAPE = /^\$6\$(?:rounds=(\d{4,8})\$)?([^$]{1,16})\$([./0-9A-Za-z]{86})$/;
/** What crypt does when the string names no rounds. */
const UNNAMED_ROUNDS = 5000;
/** Moodle's own. */
const USUAL_ROUNDS = 10_000;

/** `$6$rounds=10000$salt$…`, crypt's SHA-512: Moodle from 4.3, which appends its pepper to the password. */
export const sha512Crypt = defineFormat({
  name: 'sha512-crypt',
  takesPepper: true,
  read(encoded: string) {
    const [, rounds = UNNAMED_ROUNDS, salt, text] = SHAPE.exec(encoded) ?? [];
    if (salt === undefined || text === undefined) return undefined;
    return { rounds: Number(rounds), salt, text: Buffer.from(text) };
  },
  async matches(password, { rounds, salt, text }, pepper = '') {
    return bytesEqual(Buffer.from(await sha512CryptDigest(password + pepper, salt, rounds)), text);
  },
  async write(password, row, options) {
    const rounds = chooseCost(wantedNumber(options, 'rounds'), row?.rounds, USUAL_ROUNDS, USUAL_ROUNDS);
    const salt = randomText(16);
    const text = await sha512CryptDigest(password + (options.pepper ?? ''), salt, rounds);
    return `$6$rounds=${rounds}$${salt}$${text}`;
  },
  isWeak: ({ rounds }) => rounds < USUAL_ROUNDS,
  parameters: ({ rounds }) => ({ rounds }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        '$6$rounds=10000$ebmjj4zjr93A6MjQ$cZsFoALAf0Xfl4Pj7c.VxTm6MKllLCvDwg69RFYKdhhCwdU0plnVHfuB0mgHvGrta9nngiq8vUfqMmiQFegPI.',
      madeBy: "Moodle's moodlelib.php (02786e77), PHP 8.4.27",
    },
  ],
});
