import { createHash, createHmac } from 'node:crypto';
import { sameText } from '../values/bytes-equal.ts';

/** JWS algorithm → the hash under its HMAC. */
export const JWS_HASHES: Readonly<Record<string, string>> = {
  HS256: 'sha256',
  HS384: 'sha384',
  HS512: 'sha512',
};

export const hmacText = (hash: string, key: string | Buffer, text: string): string =>
  createHmac(hash, key).update(text).digest('base64url');

/** itsdangerous: `django-concat`, its usual way from a secret and a salt to a key. */
export const saltedKey = (hash: string, salt: string, secret: string): Buffer =>
  createHash(hash).update(`${salt}signer`).update(secret).digest();

/** The text and the signature of `text.signature`, if it is signed so. */
export function unsign(token: string, hash: string, key: string | Buffer): string | undefined {
  const at = token.lastIndexOf('.');
  const text = token.slice(0, Math.max(at, 0));
  return at > 0 && sameText(hmacText(hash, key, text), token.slice(at + 1)) ? text : undefined;
}

/** The end of a token that has none, for those who need one. */
export const NEVER = 253_402_300_799;
