import { createHmac } from 'node:crypto';
import { sameText } from '../values/bytes-equal.ts';
import type { Key } from './keyring.ts';

/** What a token is bound to: it dies when any of these changes. */
export interface FingerprintInput {
  readonly id: string;
  readonly encoded: string | null;
  readonly email: string;
}

/** HMAC-SHA256 over the user's id, encoded hash and e-mail, each with its length before it (R05). */
export function fingerprint(key: Key, user: FingerprintInput): string {
  const hmac = createHmac('sha256', key.fingerprint);
  for (const field of [user.id, user.encoded, user.email]) {
    // A missing hash is not an empty one: it gets a length that no string has.
    hmac.update(field === null ? '-1:' : `${Buffer.byteLength(field)}:${field}`);
  }
  return hmac.digest('base64url');
}

/** Compared in constant time (R40). */
export const matchesFingerprint = (key: Key, user: FingerprintInput, expected: string): boolean =>
  sameText(fingerprint(key, user), expected);
