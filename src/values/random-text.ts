import { randomInt } from 'node:crypto';

const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** Bytes from here on would make the first letters likelier. */
const LIMIT = 256 - (256 % ALPHANUMERIC.length);

/** `length` random letters and digits: salts that are kept as text, values of columns. */
export const randomText = (length: number): string =>
  Array.from({ length }, () => ALPHANUMERIC.charAt(randomInt(ALPHANUMERIC.length))).join('');

/** Letters and digits, evenly, from bytes that are random already. 96 bytes are enough for 40. */
export function textFromSeed(seed: Buffer, length: number): string {
  const even = [...seed].filter((byte) => byte < LIMIT).slice(0, length);
  return even.map((byte) => ALPHANUMERIC.charAt(byte % ALPHANUMERIC.length)).join('');
}
