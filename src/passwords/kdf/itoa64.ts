const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Six bits to a character of crypt's alphabet, lowest bits first; three bytes make four characters. */
export function encodeItoa64(bytes: Buffer): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 3) {
    const group = bytes.subarray(start, start + 3);
    text += encodeNumber(group.readUIntLE(0, group.length), group.length + 1);
  }
  return text;
}

/** This many characters of one number, lowest bits first. */
export function encodeNumber(value: number, characters: number): string {
  return Array.from({ length: characters }, (_, index) => ALPHABET.charAt((value >>> (6 * index)) & 63)).join(
    '',
  );
}

/** The number that a single character stands for; -1 if it is not of the alphabet. */
export const decodeCharacter = (character: string): number => ALPHABET.indexOf(character);
