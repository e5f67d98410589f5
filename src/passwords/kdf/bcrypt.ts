import { ResetError } from '../../errors.ts';
import type { HashOptions } from '../hash-format.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';

/** bcrypt reads no further than this; longer passwords are refused, never cut (R31). */
export const BCRYPT_MAX_BYTES = 72;

const LEAST_COST = 10;
const USUAL = { cost: 12, prefix: '2b' } as const;
const SHAPE = /^\$(2[abxy])\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const PREFIXES = ['2a', '2b', '2y'];

export interface BcryptString {
  /** `2a`, `2b`, `2x` or `2y` */
  readonly prefix: string;
  readonly cost: number;
}

/** Prefix and cost of a bcrypt string; undefined if it is none. */
export function readBcrypt(encoded: string): BcryptString | undefined {
  const [, prefix, cost] = SHAPE.exec(encoded) ?? [];
  if (prefix === undefined || Number(cost) < 4 || Number(cost) > 31) return undefined;
  return { prefix, cost: Number(cost) };
}

/** Weaker than the floor of R37? Cost 11 is not: a row's own cost is kept, and the usual 12 is for new rows. */
export const isWeakBcrypt = ({ cost }: BcryptString): boolean => cost < LEAST_COST;

/**
 * Compares with a bcrypt string of any prefix. npm's bcrypt says false to every `$2y$` and `$2x$` (measured, 6.0.0);
 * the four differ in name only since the bugs that they mark were mended, so `$2b$` is what it gets to see.
 */
export async function verifyBcrypt(password: string, encoded: string, pepper = ''): Promise<boolean> {
  if (Buffer.byteLength(password) > BCRYPT_MAX_BYTES) return false;
  const { default: bcrypt } = await import('bcrypt');
  return bcrypt.compare(keyOf(password, pepper), withPrefix('2b', encoded));
}

/**
 * Writes a bcrypt string: the prefix asked for (which one an application accepts is known to its preset), else the
 * row's, else the usual; the cost of `like` or more.
 */
export async function hashBcrypt(
  password: string,
  options: HashOptions = {},
  usual: BcryptString = USUAL,
): Promise<string> {
  const row = options.like === undefined ? undefined : readBcrypt(options.like);
  const cost = chooseCost(wantedNumber(options, 'cost'), row?.cost, LEAST_COST, usual.cost);
  const prefix = choosePrefix(options.parameters?.['prefix'], row?.prefix) ?? usual.prefix;
  const { default: bcrypt } = await import('bcrypt');
  return withPrefix(prefix, await bcrypt.hash(keyOf(password, options.pepper ?? ''), cost));
}

function choosePrefix(wanted: string | number | undefined, row: string | undefined): string | undefined {
  if (wanted === undefined) return row === '2x' ? '2y' : row;
  const prefix = String(wanted).replaceAll('$', '');
  if (PREFIXES.includes(prefix)) return prefix;
  throw new ResetError('config_invalid', `The bcrypt prefix must be one of ${PREFIXES.join(', ')}.`);
}

/** Only a pepper may be cut: Devise appends 128 characters and lets bcrypt drop what is too much. */
const keyOf = (password: string, pepper: string): Buffer =>
  Buffer.from(password + pepper).subarray(0, BCRYPT_MAX_BYTES);

const withPrefix = (prefix: string, encoded: string): string => `$${prefix}${encoded.slice(3)}`;
