import { pbkdf2 as pbkdf2WithCallback } from 'node:crypto';
import { promisify } from 'node:util';
import { bytesEqual } from '../../values/bytes-equal.ts';
import type { HashOptions } from '../hash-format.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';

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

/** What a row says; a salt that is text is used as its bytes. */
export interface Pbkdf2Row {
  readonly digest: string;
  readonly iterations: number;
  readonly salt: string | Buffer;
  readonly key: Buffer;
}

/** What all formats have in common whose rows say as much: they differ in how the string is read and written. */
export const pbkdf2Rows = {
  matches: async (password: string, { digest, iterations, salt, key }: Pbkdf2Row): Promise<boolean> =>
    bytesEqual(await pbkdf2(password, salt, iterations, key.length, digest), key),
  isWeak: ({ digest, iterations }: Pbkdf2Row): boolean => isWeakPbkdf2(digest, iterations),
  parameters: ({ digest, iterations }: Pbkdf2Row) => ({ digest, iterations }),
};

/** Iterations to write with: the row's count if it has this digest, or more. */
export function chooseIterations(
  options: HashOptions,
  row: Pick<Pbkdf2Row, 'digest' | 'iterations'> | undefined,
  digest: keyof typeof PBKDF2_FLOOR,
  usual: number = PBKDF2_FLOOR[digest],
): number {
  const kept = row?.digest === digest ? row.iterations : undefined;
  return chooseCost(wantedNumber(options, 'iterations'), kept, PBKDF2_FLOOR[digest], usual);
}

/**
 * Reads strings by a shape with the groups `digest`, `iterations`, `salt` and `key`. A salt without an encoding is used
 * as its text; `digest` may also be given, where the string does not name it as we do.
 */
export const readPbkdf2 =
  (
    shape: RegExp,
    how: { readonly key: BufferEncoding; readonly salt?: BufferEncoding; readonly digest?: string },
  ) =>
  (encoded: string): Pbkdf2Row | undefined => {
    const found = shape.exec(encoded)?.groups;
    if (!found) return undefined;
    const { salt = '', key = '', iterations, digest = how.digest ?? '' } = found;
    return {
      digest,
      iterations: Number(iterations),
      salt: how.salt === undefined ? salt : Buffer.from(salt, how.salt),
      key: Buffer.from(key, how.key),
    };
  };
