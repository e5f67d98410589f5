import { scrypt as scryptWithCallback } from 'node:crypto';
import { ResetError } from '../../errors.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import type { HashOptions } from '../hash-format.ts';
import { wantedNumber } from '../parameters.ts';

export interface ScryptCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** Equal to N=2¹⁷, r=8, p=1 in effort (R37; OWASP Password Storage): less memory needs more passes. */
const FLOOR = [
  { n: 2 ** 17, p: 1 },
  { n: 2 ** 16, p: 2 },
  { n: 2 ** 15, p: 3 },
  { n: 2 ** 14, p: 5 },
  { n: 2 ** 13, p: 10 },
] as const;
const LEAST_N = 2 ** 13;
const LEAST_R = 8;

/** scrypt off the event loop. Node's own memory limit of 32 MiB is below today's parameters, so it is always set. */
export function scrypt(
  password: string,
  salt: string | Buffer,
  { n, r, p }: ScryptCost,
  length: number,
): Promise<Buffer> {
  const maxmem = 128 * r * (n + p + 2);
  return new Promise((resolve, reject) => {
    scryptWithCallback(password, salt, length, { N: n, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

const leastPasses = (n: number): number => FLOOR.find((floor) => n >= floor.n)?.p ?? Infinity;

export const isWeakScrypt = ({ n, r, p }: ScryptCost): boolean => r < LEAST_R || p < leastPasses(n);

/** Never below the row's, nor below the floor: p is raised before n, which keeps the application's memory as it is. */
export function chooseScrypt(
  options: HashOptions,
  row: ScryptCost | undefined,
  usual: ScryptCost,
): ScryptCost {
  const wanted = readWanted(options, usual);
  const kept = row ?? wanted ?? usual;
  const n = Math.max(kept.n, wanted?.n ?? 0, LEAST_N);
  return {
    n,
    r: Math.max(kept.r, wanted?.r ?? 0, LEAST_R),
    p: Math.max(kept.p, wanted?.p ?? 0, leastPasses(n)),
  };
}

/** What a row says; a salt that is text is used as its bytes. */
export interface ScryptRow extends ScryptCost {
  readonly salt: string | Buffer;
  readonly key: Buffer;
}

/** What all formats have in common whose rows say as much: they differ in how the string is read and written. */
export const scryptRows = {
  matches: async (password: string, { salt, key, ...cost }: ScryptRow): Promise<boolean> =>
    bytesEqual(await scrypt(password, salt, cost, key.length), key),
  isWeak: isWeakScrypt,
  parameters: ({ n, r, p }: ScryptCost) => ({ n, r, p }),
};

/** Reads strings by a shape with the groups `n`, `r`, `p`, `salt` (used as its text) and `key`. */
export const readScrypt =
  (shape: RegExp, keyEncoding: BufferEncoding) =>
  (encoded: string): ScryptRow | undefined => {
    const found = shape.exec(encoded)?.groups;
    if (!found) return undefined;
    const { n, r, p, salt = '', key = '' } = found;
    return { n: Number(n), r: Number(r), p: Number(p), salt, key: Buffer.from(key, keyEncoding) };
  };

/** Writes with a new salt: `compose` makes the string. `bytes`: of the key. */
export const writeScrypt =
  <Salt extends string | Buffer>(
    {
      usual,
      bytes,
      newSalt,
    }: { readonly usual: ScryptCost; readonly bytes: number; readonly newSalt: () => Salt },
    compose: (cost: ScryptCost, salt: Salt, key: Buffer) => string,
  ) =>
  async (password: string, row: ScryptCost | undefined, options: HashOptions): Promise<string> => {
    const cost = chooseScrypt(options, row, usual);
    const salt = newSalt();
    return compose(cost, salt, await scrypt(password, salt, cost, bytes));
  };

function readWanted(options: HashOptions, usual: ScryptCost): ScryptCost | undefined {
  const asked = {
    n: wantedNumber(options, 'n'),
    r: wantedNumber(options, 'r'),
    p: wantedNumber(options, 'p'),
  };
  if (asked.n === undefined && asked.r === undefined && asked.p === undefined) return undefined;
  const wanted = { n: asked.n ?? usual.n, r: asked.r ?? usual.r, p: asked.p ?? usual.p };
  if (!isWeakScrypt(wanted) && Number.isInteger(Math.log2(wanted.n))) return wanted;
  throw new ResetError('config_invalid', 'The scrypt parameters are too low: n=131072, r=8, p=1 are enough.');
}
