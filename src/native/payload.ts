import type { Constant, LinkToken } from '../values/link-token.ts';
import type { Person } from './issuer.ts';
import { nameOf } from './named-user.ts';

/** How a signed payload names its user. */
export type PayloadShape = Required<Pick<LinkToken, 'claim' | 'of' | 'text' | 'also'>>;

/** The claim that stands for the first element of a list. */
export const LIST = '[]';

/** An id as JSON has it. */
export const numberIfNumeral = (id: string): number | string => (/^\d{1,15}$/.test(id) ? Number(id) : id);

/** The payload of a person: the value itself, in a list, or under its claim with the constants. */
export function writePayload(person: Person, { claim, of, text, also }: PayloadShape): unknown {
  const name = nameOf(person, of);
  const value = of === 'id' && !text ? numberIfNumeral(name) : name;
  if (claim === '') return value;
  return claim === LIST ? [value] : { [claim]: value, ...also };
}

/** The name of the user in a payload of this shape; undefined if it has another. */
export function readPayload(payload: unknown, { claim, also }: PayloadShape): string | undefined {
  const value = claim === LIST ? first(payload) : claim === '' ? payload : fieldOf(payload, claim);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const holds = Object.entries(also).every(([name, each]) => fieldOf(payload, name) === each);
  return holds ? String(value) : undefined;
}

const first = (payload: unknown): unknown =>
  Array.isArray(payload) && payload.length === 1 ? payload[0] : undefined;

const fieldOf = (payload: unknown, name: string): unknown =>
  isObject(payload) && Object.hasOwn(payload, name) ? payload[name] : undefined;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Columns that some applications name a user by in a link. */
const NAMING = ['fs_uniquifier', 'public_id', 'alternative_id', 'uuid'];

/**
 * Every shape that a payload may have: each of its values may name the user, by each thing that names users. Whether
 * it does, the database says.
 */
export function shapesOf(payload: unknown, ignored: readonly string[]): Omit<PayloadShape, never>[] {
  return valuesOf(payload, ignored).flatMap(({ claim, value, also }) =>
    namesFor(value).map((of) => ({ claim, of, text: of === 'id' && isNumeral(value), also })),
  );
}

const isNumeral = (value: unknown): boolean => typeof value === 'string' && /^\d{1,15}$/.test(value);

function namesFor(value: unknown): readonly string[] {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? ['id'] : [];
  if (typeof value !== 'string' || value === '' || value.length > 254) return [];
  return value.includes('@') ? ['email', 'username'] : ['id', 'username', ...NAMING];
}

function valuesOf(
  payload: unknown,
  ignored: readonly string[],
): { claim: string; value: unknown; also: Record<string, Constant> }[] {
  if (Array.isArray(payload)) {
    return payload.length === 1 ? [{ claim: LIST, value: payload[0] as unknown, also: {} }] : [];
  }
  if (!isObject(payload)) return [{ claim: '', value: payload, also: {} }];
  const entries = Object.entries(payload).filter(([name]) => !ignored.includes(name));
  // Anything but a plain value would have to be made again, and nobody knows how.
  if (!entries.every(([, value]) => value === null || typeof value !== 'object')) return [];
  return entries.map(([claim, value]) => ({
    claim,
    value,
    also: Object.fromEntries(entries.filter(([name]) => name !== claim)) as Record<string, Constant>,
  }));
}
