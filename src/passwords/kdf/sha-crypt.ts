import { defineBody } from '../hash-body.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest } from './digest.ts';
import { encodeNumber } from './itoa64.ts';
import { randomText } from '../../values/random-text.ts';
import { repeat } from './repeat.ts';

/** The two of them (U. Drepper, "Unix crypt using SHA-256 and SHA-512", 2008), and how the digest becomes text. */
const KINDS = {
  sha256: { id: '5', bytes: 32, groups: 10, step: 21 },
  sha512: { id: '6', bytes: 64, groups: 21, step: 22 },
} as const;

export type ShaCryptDigest = keyof typeof KINDS;

/** What crypt does when the string names no rounds. */
const UNNAMED_ROUNDS = 5000;
/** Moodle's own, and the fewest that we write. */
const USUAL_ROUNDS = 10_000;

/** `$5$…` or `$6$rounds=10000$salt$…`. A pepper is appended to the password, as Moodle does. */
export function shaCryptBody(algorithm: ShaCryptDigest) {
  const { id, bytes } = KINDS[algorithm];
  const length = Math.ceil((bytes * 8) / 6);
  const shape = new RegExp(`^\\$${id}\\$(?:rounds=(\\d{4,8})\\$)?([^$]{1,16})\\$([./0-9A-Za-z]{${length}})$`);
  return defineBody({
    read(encoded: string) {
      const [, rounds = UNNAMED_ROUNDS, salt, text] = shape.exec(encoded) ?? [];
      if (salt === undefined || text === undefined) return undefined;
      return { rounds: Number(rounds), salt, text: Buffer.from(text) };
    },
    async matches(password, { rounds, salt, text }, pepper = '') {
      return bytesEqual(Buffer.from(await shaCrypt(algorithm, password + pepper, salt, rounds)), text);
    },
    async write(password, row, options) {
      const rounds = chooseCost(wantedNumber(options, 'rounds'), row?.rounds, USUAL_ROUNDS, USUAL_ROUNDS);
      const salt = randomText(16);
      const text = await shaCrypt(algorithm, password + (options.pepper ?? ''), salt, rounds);
      return `$${id}$rounds=${rounds}$${salt}$${text}`;
    },
    isWeak: ({ rounds }) => rounds < USUAL_ROUNDS,
    parameters: ({ rounds }) => ({ rounds }),
  });
}

/** The characters behind the salt: 43 or 86. */
async function shaCrypt(
  algorithm: ShaCryptDigest,
  password: string,
  salt: string,
  rounds: number,
): Promise<string> {
  const hash = (parts: readonly Buffer[]): Buffer => digest(algorithm, Buffer.concat(parts));
  const key = Buffer.from(password);
  const salted = Buffer.from(salt);
  const alternate = hash([key, salted, key]);
  const parts = [key, salted, stretch(alternate, key.length)];
  for (let bits = key.length; bits > 0; bits >>>= 1) parts.push(bits & 1 ? alternate : key);
  const start = hash(parts);
  const keyBytes = stretch(hash(repeated(key, key.length)), key.length);
  const saltBytes = stretch(hash(repeated(salted, 16 + (start[0] ?? 0))), salted.length);
  const rounded = roundsOf(keyBytes, saltBytes, KINDS[algorithm].bytes);
  const last = await repeat(rounds, start, (value, round) => digest(algorithm, rounded(value, round)));
  return encode(algorithm, last);
}

/**
 * What a round hashes. Only the digest of the round before changes, so its place is filled in what stays: passlib's
 * half a million rounds would otherwise copy more than they hash.
 */
function roundsOf(key: Buffer, salt: Buffer, bytes: number): (value: Buffer, round: number) => Buffer {
  const hole = Buffer.alloc(bytes);
  // The rounds repeat after 2 · 3 · 7.
  const all = Array.from({ length: 42 }, (_, round) => {
    const middle = [...(round % 3 === 0 ? [] : [salt]), ...(round % 7 === 0 ? [] : [key])];
    return Buffer.concat(round % 2 === 1 ? [key, ...middle, hole] : [hole, ...middle, key]);
  });
  return (value, round) => {
    const whole = all[round % all.length] ?? hole;
    whole.set(value, round % 2 === 1 ? whole.length - bytes : 0);
    return whole;
  };
}

const repeated = (bytes: Buffer, times: number): Buffer[] => Array<Buffer>(times).fill(bytes);

/** As many bytes as asked, starting over at the end. */
const stretch = (bytes: Buffer, length: number): Buffer => Buffer.alloc(length, bytes);

/** Three bytes, a third of the digest apart and taking turns, make four characters; one or two bytes are left over. */
function encode(algorithm: ShaCryptDigest, hash: Buffer): string {
  const { groups, step } = KINDS[algorithm];
  const third = groups;
  const whole = 3 * groups;
  let text = '';
  for (let group = 0, first = 0; group < groups; group += 1, first = (first + step) % whole) {
    const [high = 0, middle = 0, low = 0] = [first, (first + third) % whole, (first + 2 * third) % whole].map(
      (at) => hash[at],
    );
    text += encodeNumber((high << 16) | (middle << 8) | low, 4);
  }
  const left = hash.subarray(whole);
  return text + encodeNumber(left.readUIntLE(0, left.length), left.length + 1);
}
