import { createHash } from 'node:crypto';

/** One pass of a hash function over text or bytes, as bytes. */
export const digest = (algorithm: string, data: string | Buffer): Buffer =>
  createHash(algorithm).update(data).digest();

/** The same in hexadecimal, as many old formats feed it on. */
export const hexDigest = (algorithm: string, data: string | Buffer): string =>
  digest(algorithm, data).toString('hex');
