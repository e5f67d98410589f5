import { createHmac, hash } from 'node:crypto';

/** One pass of a hash function over text or bytes, as bytes. */
export const digest = (algorithm: string, data: string | Buffer): Buffer => hash(algorithm, data, 'buffer');

/** The same in hexadecimal, as many old formats feed it on. */
export const hexDigest = (algorithm: string, data: string | Buffer): string =>
  digest(algorithm, data).toString('hex');

/** What a row with a salted digest says; the salt is used as its text. */
interface SaltedDigest {
  readonly algorithm: string;
  readonly salt: string;
  readonly key: Buffer;
}

/** Reads strings by a shape whose groups are the algorithm, the salt and the digest in hexadecimal. */
export const readSaltedDigest =
  (shape: RegExp) =>
  (encoded: string): SaltedDigest | undefined => {
    const [, algorithm, salt, hex] = shape.exec(encoded) ?? [];
    if (algorithm === undefined || salt === undefined || hex === undefined) return undefined;
    return { algorithm, salt, key: Buffer.from(hex, 'hex') };
  };

/** HMAC under the salt, as Werkzeug makes its digests. */
export const saltHmac = (algorithm: string, salt: string, password: string): Buffer =>
  createHmac(algorithm, salt).update(password).digest();
