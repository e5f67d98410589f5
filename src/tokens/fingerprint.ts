import { createHmac } from 'node:crypto';
import { sameText } from '../values/bytes-equal.ts';
import type { Key } from './keyring.ts';

/** What a token is bound to: it dies when any of these changes. */
export interface FingerprintInput {
  readonly id: string;
  readonly encoded: string | null;
  readonly email: string;
}

/** As long as in rows and tokens of older releases: the whole digest in base64url. */
const WHOLE = 43;

/** The first 128 bits of HMAC-SHA256 over the user's id, encoded hash and e-mail, each with its length before it (R05). */
export const fingerprint = (key: Key, user: FingerprintInput): string =>
  digest(key, user).subarray(0, 16).toString('base64url');

function digest(key: Key, user: FingerprintInput): Buffer {
  const hmac = createHmac('sha256', key.fingerprint);
  for (const field of [user.id, user.encoded, user.email]) {
    // A missing hash is not an empty one: it gets a length that no string has.
    hmac.update(field === null ? '-1:' : `${Buffer.byteLength(field)}:${field}`);
  }
  return hmac.digest();
}

/** Compared in constant time (R40). */
export function matchesFingerprint(key: Key, user: FingerprintInput, expected: string): boolean {
  const isWhole = expected.length === WHOLE;
  return sameText(isWhole ? digest(key, user).toString('base64url') : fingerprint(key, user), expected);
}
