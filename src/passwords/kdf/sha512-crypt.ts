import { digest } from './digest.ts';
import { encodeNumber } from './itoa64.ts';
import { repeat } from './repeat.ts';

const BYTES = 64;

/** SHA-512 crypt (U. Drepper, "Unix crypt using SHA-256 and SHA-512", 2008): the 86 characters behind the salt. */
export async function sha512CryptDigest(password: string, salt: string, rounds: number): Promise<string> {
  const key = Buffer.from(password);
  const salted = Buffer.from(salt);
  const start = firstDigest(key, salted);
  const keyBytes = stretch(digest('sha512', repeated(key, key.length)), key.length);
  const saltBytes = stretch(digest('sha512', repeated(salted, 16 + (start[0] ?? 0))), salted.length);
  const last = await repeat(rounds, start, (hash, round) => oneRound(hash, round, keyBytes, saltBytes));
  return encode(last);
}

function firstDigest(key: Buffer, salt: Buffer): Buffer {
  const alternate = digest('sha512', Buffer.concat([key, salt, key]));
  const parts = [key, salt, stretch(alternate, key.length)];
  for (let bits = key.length; bits > 0; bits >>>= 1) parts.push(bits & 1 ? alternate : key);
  return digest('sha512', Buffer.concat(parts));
}

function oneRound(hash: Buffer, round: number, key: Buffer, salt: Buffer): Buffer {
  const isOdd = round % 2 === 1;
  const parts = [isOdd ? key : hash];
  if (round % 3 !== 0) parts.push(salt);
  if (round % 7 !== 0) parts.push(key);
  parts.push(isOdd ? hash : key);
  return digest('sha512', Buffer.concat(parts));
}

const repeated = (bytes: Buffer, times: number): Buffer => Buffer.concat(Array<Buffer>(times).fill(bytes));

/** As many bytes as asked, starting over at the end. */
const stretch = (bytes: Buffer, length: number): Buffer => Buffer.alloc(length, bytes);

/** Three bytes, 21 apart and taking turns, make four characters; the last byte makes two. */
function encode(hash: Buffer): string {
  let text = '';
  for (let group = 0, first = 0; group < 21; group += 1, first = (first + 22) % 63) {
    const [high = 0, middle = 0, low = 0] = [first, (first + 21) % 63, (first + 42) % 63].map(
      (at) => hash[at],
    );
    text += encodeNumber((high << 16) | (middle << 8) | low, 4);
  }
  return text + encodeNumber(hash[BYTES - 1] ?? 0, 2);
}
