import { randomBytes } from 'node:crypto';
import type { Algorithm } from '@node-rs/argon2';
import { ResetError } from '../../errors.ts';
import { defineBody } from '../hash-body.ts';
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
  /** 16 (1.0) or 19 (1.3) */
  readonly version: number;
  /** what stands between type and salt, `$v=19$m=…,t=…,p=…`, with the names only: it is written again like that */
  readonly spelling: Spelling;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

interface Spelling {
  readonly isVersionNamed: boolean;
  /** of `m`, `t` and `p` */
  readonly order: readonly string[];
}

/** As nearly everybody writes it: PHP, libsodium, argon2-cffi, passlib and GoTrue refuse other orders (measured). */
const USUAL_SPELLING: Spelling = { isVersionNamed: true, order: ['m', 't', 'p'] };

const SHAPE =
  /^\$(argon2(?:id|i|d))(?:\$v=(16|19))?\$((?:[a-z]+=[A-Za-z0-9+/]+,?)+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
/** R37: either of the two is enough. */
const FLOOR = { memoryKiB: 19_456, passes: 2, memoryKiBForOnePass: 47_104 } as const;
/** PHP's own: p=1 also suits those that use libsodium. */
const USUAL: Argon2Cost = { memoryKiB: 65_536, passes: 4, lanes: 1 };
const SALT_BYTES = 16;
const DIGEST_BYTES = 32;
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum of the library: its numbers
const TYPES: Record<Argon2Parts['type'], Algorithm> = { argon2d: 0, argon2i: 1, argon2id: 2 };

/**
 * The parts of a PHC string of Argon2, its parameters in any order; undefined if it is none, or one that cannot be
 * checked here: with associated data, or with a salt that is too short for the library. A string without a version is
 * of 1.0, as the reference implementation reads it. A key id is only a label.
 */
export function readArgon2(encoded: string): Argon2Parts | undefined {
  const [, type, version, list = '', salt, digest] = SHAPE.exec(encoded) ?? [];
  if (type === undefined || salt === undefined || digest === undefined) return undefined;
  const cost = readCost(list);
  const saltBytes = Buffer.from(salt, 'base64');
  if (!cost || saltBytes.length < SHORTEST_SALT) return undefined;
  const { order, ...rest } = cost;
  return {
    ...rest,
    type: type as Argon2Parts['type'],
    version: Number(version ?? 16),
    spelling: { isVersionNamed: version !== undefined, order },
    salt: saltBytes,
    digest: Buffer.from(digest, 'base64'),
  };
}

/** `m=…,t=…,p=…` in whatever order, each of them once. */
function readCost(list: string): (Argon2Cost & { order: readonly string[] }) | undefined {
  const pairs = list.split(',').map((pair) => pair.split('=') as [string, string]);
  const values = new Map(pairs.filter(([name]) => name !== 'keyid'));
  const [m, t, p] = ['m', 't', 'p'].map((name) => values.get(name) ?? '');
  const isRight = [m, t, p].every((value) => /^\d{1,8}$/.test(value ?? ''));
  if (!isRight || values.size !== 3 || pairs.some(([name]) => name === '')) return undefined;
  return { memoryKiB: Number(m), passes: Number(t), lanes: Number(p), order: [...values.keys()] };
}

/** The library takes no shorter one, and no application is known that has one. */
export const SHORTEST_SALT = 8;

/** The raw key, for applications that keep salt and parameters elsewhere. */
export async function argon2Key(
  password: string,
  { type, salt, memoryKiB, passes, lanes, version = 19 }: Argon2Input,
  length: number,
): Promise<Buffer> {
  const { hashRaw } = await import('@node-rs/argon2');
  return hashRaw(password, {
    algorithm: TYPES[type],
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum of the library, as above
    version: version === 16 ? 0 : 1,
    salt,
    memoryCost: memoryKiB,
    timeCost: passes,
    parallelism: lanes,
    outputLen: length,
  });
}

type Argon2Input = Pick<Argon2Parts, 'type' | 'salt'> & Argon2Cost & { readonly version?: number };

export async function matchesArgon2(password: string, parts: Argon2Parts): Promise<boolean> {
  return bytesEqual(await argon2Key(password, parts, parts.digest.length), parts.digest);
}

/**
 * A PHC string of the row's type and version, spelled like the row's, with its parameters or more; argon2d is never
 * written.
 */
export async function hashArgon2(
  password: string,
  row: Argon2Parts | undefined,
  options: HashOptions,
  usual = USUAL,
): Promise<string> {
  const type = row?.type === 'argon2i' ? 'argon2i' : 'argon2id';
  const cost = chooseArgon2(options, row, usual);
  const encoded = await writeArgon2(password, type, cost, row);
  if (SHAPE.test(encoded)) return encoded;
  throw new ResetError('config_invalid', 'The Argon2 parameters are too high. Lower memoryKiB and passes.');
}

/** A PHC string of exactly this type and cost, with a new salt. */
export async function writeArgon2(
  text: string,
  type: 'argon2id' | 'argon2i',
  cost: Argon2Cost,
  { version = 19, spelling = USUAL_SPELLING }: Partial<Pick<Argon2Parts, 'version' | 'spelling'>> = {},
): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const { memoryKiB, passes, lanes } = cost;
  const key = await argon2Key(text, { type, salt, memoryKiB, passes, lanes, version }, DIGEST_BYTES);
  const values: Readonly<Record<string, number>> = { m: memoryKiB, t: passes, p: lanes };
  const list = spelling.order.map((name) => `${name}=${values[name]}`).join(',');
  const named = spelling.isVersionNamed ? `$v=${version}` : '';
  return `$${type}${named}$${list}$${unpadded(salt)}$${unpadded(key)}`;
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

/** Argon2 as an application uses it: a whole format, or what stands behind a prefix. */
export const argon2Body = (usual?: Argon2Cost) =>
  defineBody<Argon2Parts>({
    read: readArgon2,
    matches: matchesArgon2,
    write: (password, row, options) => hashArgon2(password, row, options, usual),
    isWeak: isWeakArgon2,
    parameters: argon2Parameters,
  });
