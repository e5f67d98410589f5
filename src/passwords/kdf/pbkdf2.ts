import { pbkdf2 as pbkdf2WithCallback } from 'node:crypto';
import { promisify } from 'node:util';

/** PBKDF2 off the event loop. A salt that is text is used as its bytes in UTF-8. */
export const pbkdf2: (
  password: string,
  salt: string | Buffer,
  iterations: number,
  length: number,
  digest: string,
) => Promise<Buffer> = promisify(pbkdf2WithCallback);

/** Fewest iterations that we write (R37; OWASP Password Storage), where the application lets us choose. */
export const PBKDF2_FLOOR = { sha1: 1_300_000, sha256: 600_000, sha512: 210_000 } as const;

export const isPbkdf2Digest = (name: string): name is keyof typeof PBKDF2_FLOOR => name in PBKDF2_FLOOR;

/** Below the floor, or with a digest that we would not write. */
export const isWeakPbkdf2 = (digest: string, iterations: number): boolean =>
  !isPbkdf2Digest(digest) || digest === 'sha1' || iterations < PBKDF2_FLOOR[digest];
