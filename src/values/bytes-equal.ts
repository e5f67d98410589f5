import { timingSafeEqual } from 'node:crypto';

/** Compares in constant time (R40); the length of a digest is not a secret. */
export const bytesEqual = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

/** The same for secret texts, such as tokens. */
export const sameText = (one: string, other: string): boolean =>
  bytesEqual(Buffer.from(one), Buffer.from(other));
