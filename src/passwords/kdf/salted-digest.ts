import { randomBytes } from 'node:crypto';
import { defineBody } from '../hash-body.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest } from './digest.ts';

const BYTES = { md5: 16, sha1: 20, sha256: 32, sha512: 64 } as const;
/** As Dovecot and OpenLDAP's modules write them; every reader takes what stands behind the digest. */
const SALT_BYTES = 8;

export type PlainDigest = keyof typeof BYTES;
export type TextEncoding = 'base64' | 'hex';

/**
 * One pass of a digest over password and salt, and the salt behind it, as base64 or hexadecimal: what LDAP servers and
 * Dovecot keep behind `{SSHA}` and its like. Weak against guessing, whatever the digest; written because some servers
 * read nothing better.
 */
export function saltedDigestBody(algorithm: PlainDigest, encoding: TextEncoding, isSalted: boolean) {
  const bytes = BYTES[algorithm];
  return defineBody({
    read(encoded: string) {
      const decoded = Buffer.from(encoded, encoding);
      if (!isSame(decoded.toString(encoding), encoded) || decoded.length > bytes !== isSalted)
        return undefined;
      return decoded.length < bytes
        ? undefined
        : { key: decoded.subarray(0, bytes), salt: decoded.subarray(bytes) };
    },
    matches: (password, { key, salt }) =>
      Promise.resolve(bytesEqual(digest(algorithm, Buffer.concat([Buffer.from(password), salt])), key)),
    write(password) {
      const salt = randomBytes(SALT_BYTES);
      const key = digest(algorithm, Buffer.concat([Buffer.from(password), salt]));
      return Promise.resolve(Buffer.concat([key, salt]).toString(encoding));
    },
    isWeak: () => true,
    parameters: () => ({ digest: algorithm }),
  });
}

/** Padding and the case of hexadecimal digits do not count. */
const isSame = (again: string, encoded: string): boolean =>
  [again, again.replace(/=+$/, ''), again.toUpperCase()].includes(encoded);
