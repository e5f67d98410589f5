import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { sameText } from '../values/bytes-equal.ts';
import type { Key } from './keyring.ts';
import type { TokenFacts } from './sign.ts';
import type { CodeWay, NewCode } from './token-store.ts';

/** Crockford's base32: no I, L, O and U, so that nothing is read aloud or typed for something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** How often a code is checked, right or wrong, before it is dead. */
export const CODE_TRIES = 5;

type CodeFacts = Pick<TokenFacts, 'jti' | 'userId'>;

/** The code of a token's row, such as `7KQM2X9T`: 40 bits that only our key makes of it, so a repeated mail has the same one. */
export function codeOf(key: Key, facts: CodeFacts): string {
  const bytes = digest(key.code, facts);
  return Array.from(bytes.subarray(0, LENGTH), (byte) => ALPHABET[byte & 31]).join('');
}

/** What the database keeps of a code: bound to its row and its user, and worth nothing without our key. */
const codeMac = (key: Key, facts: CodeFacts, code: string): string =>
  digest(key.codeMac, facts, code).toString('base64url');

/** A code as the row of a new token holds it. `exp` in seconds. */
export const mintCode = (key: Key, facts: CodeFacts, way: CodeWay, exp: number): NewCode => ({
  way,
  mac: codeMac(key, facts, codeOf(key, facts)),
  exp,
});

/** Compared in constant time (R40). */
export const matchesCode = (key: Key, facts: CodeFacts, code: string, mac: string): boolean =>
  sameText(codeMac(key, facts, code), mac);

/** As it is printed, read aloud and mailed: `7KQM-2X9T`. */
export const formatCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

/** Capitals that look alike, on a Russian keyboard and in the alphabet. */
const CYRILLIC = 'АВЕКМНОРСТУХ';
const LATIN = 'ABEKMHOPCTYX';

/**
 * What somebody typed or pasted → the code, or undefined for what can't be one. Case, spaces and hyphens don't matter;
 * O is 0, I and L are 1 (Crockford), the Turkish two as well; full-width, Arabic and Persian digits are digits, and
 * Cyrillic letters the Latin ones that they look like.
 */
export function readCode(typed: string): string | undefined {
  const code = typed
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 15))
    .replace(/[\s\p{Pd}\p{Cf}\u2212_.]/gu, '')
    .replace(/[a-zа-я]/g, (letter) => letter.toUpperCase())
    .replace(/[А-Я]/g, (letter) => LATIN[CYRILLIC.indexOf(letter)] ?? letter)
    .replaceAll('O', '0')
    .replace(/[ILİı]/g, '1');
  const isCode = CODE.test(code);
  return isCode ? code : undefined;
}

/** Which browser typed a code, as the row remembers it: the number of its form, which nobody can guess. */
export const holderOf = (form: string): string => createHash('sha256').update(form).digest('base64url');

/** HMAC-SHA256 over the parts, each with its length before it. */
function digest(key: KeyObject, { jti, userId }: CodeFacts, ...more: readonly string[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of [jti, userId, ...more]) hmac.update(`${Buffer.byteLength(part)}:${part}`);
  return hmac.digest();
}
