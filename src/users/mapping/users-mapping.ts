import type { ColumnKind } from '../../db/introspect.ts';
import type { UntransactedTable } from '../../db/untransacted-tables.ts';
import type { Scalar } from '../../types.ts';
import type { MappedAccess } from '../access/resolve-access.ts';
import type {
  Advice,
  Conditions,
  Join,
  OnResetStep,
  PasswordCodec,
  PasswordColumns,
  PasswordJoin,
  Preset,
  Refusal,
} from '../preset/preset.ts';
import type { PasswordScheme } from '../store/password-scheme.ts';

/** Which table a column is in: the users' own, the one with the e-mail address, the one with the hash. */
export type Source = 'user' | 'email' | 'password';

/** What `checkMapping` learned about a column. */
export interface ColumnFacts {
  readonly kind: ColumnKind;
  readonly maxLength: number | null;
  readonly isCaseInsensitive: boolean;
  readonly isPadded: boolean;
}

/** A preset with the operator's overrides on top, and after `checkMapping` with what the schema says about it. */
export interface UsersMapping extends PasswordScheme {
  readonly preset: Preset;
  readonly schema: string | undefined;
  readonly table: string;
  readonly id: string;
  readonly email: string;
  readonly name: string | undefined;
  readonly username: string | undefined;
  readonly locale: string | undefined;
  readonly timeZone?: string | undefined;
  readonly changedAt: string | undefined;
  /** role → column; one column has the role `hash` */
  readonly password: PasswordColumns;
  readonly codec: PasswordCodec | undefined;
  readonly emailIn: Join | undefined;
  readonly passwordIn: PasswordJoin | undefined;
  readonly activeWhen: Conditions;
  readonly refuseWhen: readonly Refusal[];
  readonly siblings: Readonly<Record<string, Scalar>> | undefined;
  readonly onReset: readonly OnResetStep[];
  /** as the preset has it; `checkAccess` says what of it is in this database */
  readonly access: readonly MappedAccess[];
  readonly advice: readonly Advice[];
  readonly sessionsEndWithHash: boolean;
  /** steps and columns left out because this database has not got them, in words */
  readonly skipped: readonly string[];
  /** tables that a reset writes and that no rollback restores; empty until `checkMapping` */
  readonly untransacted: readonly UntransactedTable[];
  /** `source.column` → facts; empty until `checkMapping` */
  readonly facts: Readonly<Record<string, ColumnFacts>>;
}

/** The columns of the users table that a condition looks at. */
export const conditionColumns = (...conditions: readonly (Conditions | undefined)[]): string[] => [
  ...new Set(conditions.flatMap((each) => Object.keys(each ?? {}))),
];

/** Where a value of the user is: table with its schema, or undefined when the mapping has no such table. */
export function tableOf(mapping: UsersMapping, source: Source): string {
  const join = source === 'email' ? mapping.emailIn : source === 'password' ? mapping.passwordIn : undefined;
  return qualify(mapping, join?.table ?? mapping.table);
}

/** The tables that a reset writes to, without their schema. */
export function writtenTables({ table, passwordIn, onReset }: UsersMapping): string[] {
  const steps = onReset.map((step) => ('delete' in step ? step.delete : step.table));
  return [...new Set([table, passwordIn?.table, ...steps].filter((name) => name !== undefined))];
}

/** A table name as Knex takes it: the schema in front, if there is one. */
export const qualify = (mapping: Pick<UsersMapping, 'schema'>, table: string): string =>
  mapping.schema === undefined ? table : `${mapping.schema}.${table}`;

/** Source of the address and of the hash: the users table unless the mapping joins another one. */
export const sourceOf = (mapping: UsersMapping, part: 'email' | 'password'): Source =>
  (part === 'email' ? mapping.emailIn : mapping.passwordIn) ? part : 'user';

/** A value read from the database, as one of the types that we compare (R73). */
export function toScalar(value: unknown): Scalar {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return fromBytes(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

/** BIT(1) of MySQL is one byte, 0 or 1; other bytes are text in a binary column. */
function fromBytes(bytes: Buffer): Scalar {
  const [first] = bytes;
  return first !== undefined && first < 2 && bytes.length === 1 ? first : bytes.toString('utf8');
}
