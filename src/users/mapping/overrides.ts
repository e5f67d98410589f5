import { isKeyed, PREHASH_KINDS, type PrehashKind } from '../../values/prehash-kinds.ts';
import { checkCondition } from '../columns/condition.ts';
import { isRecord, isScalars, isStep } from '../columns/step-shape.ts';
import type { AccessEntry } from '../access/entry.ts';
import type { Conditions, Join, OnResetStep, PasswordColumns } from '../preset/preset.ts';

/** What the operator's `users.*` says, read and typed; absent keys leave the preset's value. */
export interface Overrides {
  readonly table?: string;
  readonly schema?: string;
  readonly id?: string;
  readonly name?: string;
  readonly username?: string;
  readonly locale?: string;
  readonly timeZone?: string;
  readonly email?: { readonly column: string; readonly join: Join | undefined };
  readonly password?: { readonly columns: string | PasswordColumns; readonly join: Join | undefined };
  readonly active?: Conditions;
  readonly hash?: {
    readonly format: string;
    readonly parameters: Readonly<Record<string, string | number>>;
    readonly pepper?: string;
    readonly prehash?: PrehashKind;
    readonly prehashKey?: string;
  };
  readonly onReset?: readonly OnResetStep[];
  /** checked by `checkOwnEntries` */
  readonly access?: readonly AccessEntry[];
}

type Problems = { key: string; message: string }[];
type Reader = (value: unknown) => unknown;

const ABSENT = Symbol('of the wrong shape');

/** Reads `users.*` as it stands in the config file; what has the wrong shape is added to `problems`. */
export function readOverrides(raw: unknown, problems: Problems): Overrides {
  if (!isRecord(raw)) {
    problems.push({ key: 'users', message: 'must be an object' });
    return {};
  }
  const read = Object.entries(READERS).map(([name, { read: reader, shape }]) => {
    if (raw[name] === undefined) return [name, undefined];
    const value = reader(raw[name]);
    if (name === 'active') problems.push(...checkConditions(value));
    if (value === ABSENT) problems.push({ key: `users.${name}`, message: `must be ${shape}` });
    return [name, value === ABSENT ? undefined : value];
  });
  return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as Overrides;
}

/** What the columns of `users.active` ask for that does not exist. */
function checkConditions(conditions: unknown): Problems {
  if (!isRecord(conditions)) return [];
  return Object.entries(conditions).flatMap(([column, condition]) => {
    const problem = checkCondition(condition);
    return problem === undefined ? [] : [{ key: 'users.active', message: `${column}: ${problem}` }];
  });
}

const text: Reader = (value) => (typeof value === 'string' && value !== '' ? value : ABSENT);
const name = { read: text, shape: 'a name' };

const READERS: Readonly<Record<keyof Overrides, { read: Reader; shape: string }>> = {
  table: name,
  schema: name,
  id: name,
  name,
  username: name,
  locale: name,
  timeZone: name,
  email: {
    read: (value) => withJoin(value, (column) => (typeof column === 'string' ? { column } : undefined)),
    shape: 'a column, or { "column", "table", "local", "foreign" } when the address is in another table',
  },
  password: {
    read: (value) => withJoin(value, (columns) => (isPasswordColumns(columns) ? { columns } : undefined)),
    shape:
      'a column, { "hash": …, "salt": … } for several, or { "column", "table", "local", "foreign" } for another table',
  },
  active: {
    read: (value) => (typeof value === 'string' ? { [value]: true } : isRecord(value) ? value : ABSENT),
    shape: 'a column that is true for active users, or { "column": value }',
  },
  hash: {
    read: readHash,
    shape: `a hash format, "auto", or { "format", "parameters", "pepper", "prehash", "prehashKey" }; prehash is one of ${PREHASH_KINDS.join(', ')}, and the last one needs prehashKey`,
  },
  onReset: {
    read: (value) => (Array.isArray(value) && value.every(isStep) ? value : ABSENT),
    shape: 'a list of { "set": { column: value } } and { "delete": table, "where": { column: "{id}" } }',
  },
  access: {
    read: (value) => (Array.isArray(value) ? value : ABSENT),
    shape: 'a list of { "kind", "table", "where", … }',
  },
};

/** `"mail"`, or `{ column: "mail", table: "contacts", local: "id", foreign: "user_id" }`. */
function withJoin(value: unknown, read: (column: unknown) => object | undefined): unknown {
  if (!isRecord(value) || value['table'] === undefined) {
    const own = read(value);
    return own ? { ...own, join: undefined } : ABSENT;
  }
  const { column, table, local = 'id', foreign, where = {} } = value;
  const inner = read(column);
  const isJoin = [table, local, foreign].every((part) => typeof part === 'string') && isScalars(where);
  return inner && isJoin ? { ...inner, join: { table, local, foreign, where } } : ABSENT;
}

const isPasswordColumns = (value: unknown): boolean =>
  typeof value === 'string' ||
  (isRecord(value) && 'hash' in value && Object.values(value).every((column) => typeof column === 'string'));

function readHash(value: unknown): unknown {
  if (typeof value === 'string') return { format: value, parameters: {} };
  if (!isRecord(value)) return ABSENT;
  const { format = 'auto', parameters = {}, pepper, prehash, prehashKey } = value;
  const isRight = typeof format === 'string' && isScalars(parameters) && isTextOrAbsent(pepper);
  return isRight && isPrehash(prehash, prehashKey)
    ? { format, parameters, pepper, prehash, prehashKey }
    : ABSENT;
}

const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string';

/** A keyed one has a key, the others none; a key alone is for the one of the preset. */
function isPrehash(kind: unknown, key: unknown): boolean {
  const hasKey = typeof key === 'string' && key !== '';
  if (kind === undefined) return key === undefined || hasKey;
  const known = PREHASH_KINDS.find((each) => each === kind);
  return known !== undefined && hasKey === isKeyed(known);
}
