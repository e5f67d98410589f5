const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** Bytes from here on would make the first letters likelier. */
const LIMIT = 256 - (256 % LETTERS.length);

/** So many letters and digits, evenly, from bytes that are random already. 96 bytes are enough for 40. */
export function randomText(seed: Buffer, length: number): string {
  const even = [...seed].filter((byte) => byte < LIMIT).slice(0, length);
  return even.map((byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
}
