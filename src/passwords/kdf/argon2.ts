import { randomBytes } from 'node:crypto';
import type { Algorithm } from '@node-rs/argon2';
import { ResetError } from '../../errors.ts';
import type { HashOptions } from '../hash-format.ts';
import { wantedNumber } from '../parameters.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';

export interface Argon2Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

export interface Argon2Parts extends Argon2Cost {
  readonly type: 'argon2id' | 'argon2i' | 'argon2d';
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** In this order only: PHP, libsodium, argon2-cffi, passlib and GoTrue refuse m,p,t (measured). */
const SHAPE =
  /^\$(argon2(?:id|i|d))\$v=19\$m=(\d{1,8}),t=(\d{1,5}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
/** R37: either of the two is enough. */
const FLOOR = { memoryKiB: 19_456, passes: 2, memoryKiBForOnePass: 47_104 } as const;
/** PHP's own: p=1 also suits those that use libsodium. */
const USUAL: Argon2Cost = { memoryKiB: 65_536, passes: 4, lanes: 1 };
const SALT_BYTES = 16;
const DIGEST_BYTES = 32;
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum of the library: its numbers
const TYPES: Record<Argon2Parts['type'], Algorithm> = { argon2d: 0, argon2i: 1, argon2id: 2 };

const RFC_TYPES = { argon2d: 0, argon2i: 1, argon2id: 2 } as const;

/** The parts of a PHC string of Argon2 version 1.3; undefined if it is none. */
export function readArgon2(encoded: string): Argon2Parts | undefined {
  const [, type, memoryKiB, passes, lanes, salt, digest] = SHAPE.exec(encoded) ?? [];
  if (type === undefined || salt === undefined || digest === undefined) return undefined;
  return {
    type: type as Argon2Parts['type'],
    memoryKiB: Number(memoryKiB),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    digest: Buffer.from(digest, 'base64'),
  };
}

/** The library takes no shorter one. */
const SHORTEST_SALT = 8;

/** The raw key, for applications that keep salt and parameters elsewhere. */
export async function argon2Key(
  password: string,
  { type, salt, memoryKiB, passes, lanes }: Omit<Argon2Parts, 'digest'>,
  length: number,
): Promise<Buffer> {
  if (salt.length < SHORTEST_SALT) {
    const { argon2WithShortSalt } = await import('./argon2-short-salt.ts');
    return argon2WithShortSalt(password, { type: RFC_TYPES[type], salt, memoryKiB, passes, lanes }, length);
  }
  const { hashRaw } = await import('@node-rs/argon2');
  return hashRaw(password, {
    algorithm: TYPES[type],
    salt,
    memoryCost: memoryKiB,
    timeCost: passes,
    parallelism: lanes,
    outputLen: length,
  });
}

export async function matchesArgon2(password: string, parts: Argon2Parts): Promise<boolean> {
  return bytesEqual(await argon2Key(password, parts, parts.digest.length), parts.digest);
}

/** A PHC string, of the row's type and with its parameters or more; argon2d is never written. */
export async function hashArgon2(
  password: string,
  row: Argon2Parts | undefined,
  options: HashOptions,
  usual = USUAL,
): Promise<string> {
  const type = row?.type === 'argon2i' ? 'argon2i' : 'argon2id';
  const cost = chooseArgon2(options, row, usual);
  const encoded = await writeArgon2(password, type, cost);
  if (SHAPE.test(encoded)) return encoded;
  throw new ResetError(
    'config_invalid',
    'The Argon2 parameters cannot be written. Lower memoryKiB and passes.',
  );
}

/** A PHC string of exactly this type and cost, with a new salt. */
export async function writeArgon2(
  text: string,
  type: 'argon2id' | 'argon2i',
  { memoryKiB, passes, lanes }: Argon2Cost,
): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await argon2Key(text, { type, salt, memoryKiB, passes, lanes }, DIGEST_BYTES);
  return `$${type}$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(key)}`;
}

export const isWeakArgon2 = ({ memoryKiB, passes }: Argon2Cost): boolean =>
  !((memoryKiB >= FLOOR.memoryKiB && passes >= FLOOR.passes) || memoryKiB >= FLOOR.memoryKiBForOnePass);

/** What an operator may see. */
export const argon2Parameters = ({ type, memoryKiB, passes, lanes }: Argon2Parts) => ({
  type,
  memoryKiB,
  passes,
  lanes,
});

/** Never below the row's, nor below the floor; asking for less than the floor is an error. */
export function chooseArgon2(
  options: HashOptions,
  row: Argon2Cost | undefined,
  usual: Argon2Cost,
): Argon2Cost {
  const asked = NAMES.map((name) => wantedNumber(options, name));
  const [memoryKiB = 0, passes = 0, lanes = 0] = NAMES.map((name, index) =>
    Math.max(row?.[name] ?? 0, asked[index] ?? (row === undefined ? usual[name] : 0)),
  );
  const chosen = { memoryKiB, passes, lanes };
  if (!isWeakArgon2(chosen)) return chosen;
  if (asked.some((value) => value !== undefined))
    throw new ResetError(
      'config_invalid',
      'The Argon2 parameters are too low: memoryKiB 19456, passes 2 is enough.',
    );
  return {
    memoryKiB: Math.max(memoryKiB, FLOOR.memoryKiB),
    passes: Math.max(passes, FLOOR.passes),
    lanes,
  };
}

const NAMES = ['memoryKiB', 'passes', 'lanes'] as const;

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
