import { ResetError } from '../../errors.ts';
import { defineFormat, type Examples } from '../define-format.ts';
import { defineBody, withPrefix } from '../hash-body.ts';
import type { HashFormat, HashOptions } from '../hash-format.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';
import { programName } from '../../values/program-name.ts';

/** bcrypt reads no further than this; longer passwords are refused, never cut (R31). */
export const BCRYPT_MAX_BYTES = 72;

const LEAST_COST = 10;
/** About fifteen seconds on one core: no application makes people wait longer at its login. */
const HIGHEST_COST = 18;
const USUAL = { cost: 12, prefix: '2b' } as const;
const SHAPE = /^\$(2[abxy])\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const PREFIXES = ['2a', '2b', '2y'];

export interface BcryptString {
  /** `2a`, `2b`, `2x` or `2y` */
  readonly prefix: string;
  readonly cost: number;
}

export interface BcryptParts extends BcryptString {
  readonly encoded: string;
}

/** Prefix and cost of a bcrypt string; undefined if it is none. */
export function readBcrypt(encoded: string): BcryptParts | undefined {
  const [, prefix, cost] = SHAPE.exec(encoded) ?? [];
  if (prefix === undefined || Number(cost) < 4 || Number(cost) > 31) return undefined;
  return { prefix, cost: Number(cost), encoded };
}

/** Weaker than the floor of R37? Cost 11 is not: a row's own cost is kept, and the usual 12 is for new rows. */
export const isWeakBcrypt = ({ cost }: BcryptString): boolean => cost < LEAST_COST;

/**
 * Compares with a bcrypt string of any prefix. npm's bcrypt says false to every `$2y$` and `$2x$` (measured, 6.0.0);
 * the four differ in name only since the bugs that they mark were fixed, so it always sees `$2b$`.
 */
export async function verifyBcrypt(password: string, encoded: string, pepper = ''): Promise<boolean> {
  if (Buffer.byteLength(password) > BCRYPT_MAX_BYTES) return false;
  refuseDays(readBcrypt(encoded)?.cost ?? 0);
  const { default: bcrypt } = await import('bcrypt');
  return bcrypt.compare(keyOf(password, pepper), renamed('2b', encoded));
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
  refuseDays(cost);
  const prefix = choosePrefix(options.parameters?.['prefix'], row?.prefix) ?? usual.prefix;
  const { default: bcrypt } = await import('bcrypt');
  return renamed(prefix, await bcrypt.hash(keyOf(password, options.pepper ?? ''), cost));
}

/** The row's cost or more, within what can be waited for. */
export function chooseBcryptCost(options: HashOptions, row: Pick<BcryptString, 'cost'> | undefined): number {
  const cost = chooseCost(wantedNumber(options, 'cost'), row?.cost, LEAST_COST, USUAL.cost);
  refuseDays(cost);
  return cost;
}

/** 22 characters of bcrypt's own base64. */
export async function newBcryptSalt(): Promise<string> {
  const { default: bcrypt } = await import('bcrypt');
  return (await bcrypt.genSalt(4)).slice(-22);
}

/** A whole bcrypt string over at most 72 bytes with this salt, for formats that keep the parts in another way. */
export async function bcryptWithSalt(text: string, cost: number, salt: string): Promise<string> {
  refuseDays(cost);
  const { default: bcrypt } = await import('bcrypt');
  return bcrypt.hash(text, `$2b$${String(cost).padStart(2, '0')}$${salt}`);
}

/** Cost 31 takes days, and the library cannot be interrupted. */
function refuseDays(cost: number): void {
  if (cost <= HIGHEST_COST) return;
  throw new ResetError(
    'config_invalid',
    `A bcrypt hash of cost ${cost} takes far too long; the highest that reset computes is ${HIGHEST_COST}. See: ${programName} hashes. Then correct that row, or set users.hash to { "format": …, "parameters": { "cost": 12 } }.`,
    { details: { reason: 'cost_too_high', cost } },
  );
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

const renamed = (prefix: string, encoded: string): string => `$${prefix}${encoded.slice(3)}`;

interface BcryptUse {
  /** prefix and cost where neither row nor configuration says more */
  readonly usual?: BcryptString | undefined;
  /** what the application does to the password first, so that bcrypt does not cut it */
  readonly prehash?: (password: string) => string;
}

/** bcrypt as an application uses it: a whole format, or what stands behind a prefix. */
export const bcryptBody = ({ usual, prehash = (password) => password }: BcryptUse = {}) =>
  defineBody<BcryptParts>({
    read: readBcrypt,
    matches: (password, { encoded }, pepper) => verifyBcrypt(prehash(password), encoded, pepper),
    write: (password, row, options) =>
      hashBcrypt(prehash(password), { ...options, like: row?.encoded }, usual),
    isWeak: isWeakBcrypt,
    parameters: ({ prefix, cost }) => ({ prefix, cost }),
  });

/** bcrypt of the password itself behind a prefix of the application's own: Django, Spring Security, Nextcloud. */
export const prefixedBcrypt = (
  name: string,
  { prefix, usual, examples }: Examples & Pick<BcryptUse, 'usual'> & { readonly prefix: string },
): HashFormat =>
  defineFormat(name, { examples, ...withPrefix(prefix, bcryptBody({ usual })), maxBytes: BCRYPT_MAX_BYTES });
