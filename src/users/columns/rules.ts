import type { Scalar } from '../../types.ts';

/** What a column must be: a value (null: is null), one of several, anything else than a value, and so on. */
export type Condition =
  | Scalar
  | { readonly oneOf: readonly Scalar[] }
  | { readonly noneOf: readonly Scalar[] }
  | { readonly not: Scalar }
  | { readonly startsWith: string }
  /** null and the empty string */
  | { readonly empty: boolean }
  /** null, or an instant that is over, by the clock of the database */
  | { readonly past: true };

/** Columns and what each must be; all must hold. */
export type Conditions = Readonly<Record<string, Condition>>;

/** What a reset writes into a column. Times: text in UTC, or seconds or milliseconds since 1970. */
export type NewValue =
  | Scalar
  /** this many characters, a-z A-Z 0-9, or hexadecimal digits */
  | { readonly random: number; readonly digits?: 'hex' }
  | { readonly uuid: true }
  | { readonly now: 'text' | 's' | 'ms' }
  | { readonly increment: number };

/**
 * Which rows: a value (`{id}`, `{email}` and `{username}` stand for the user), text that it starts with, or the rows of
 * another table that belong to the user.
 */
export type StepValue = Scalar | { readonly startsWith: string } | Lookup;

/** The values of `column` in the rows of the table `in` for which `where` holds. */
export interface Lookup {
  readonly in: string;
  readonly column: string;
  readonly where: Readonly<Record<string, Scalar>>;
}

export type StepWhere = Readonly<Record<string, StepValue>>;

/** One step after the password is written, in the same transaction; on another table, `where` must name the user. */
export type OnResetStep =
  | {
      readonly set: Readonly<Record<string, NewValue>>;
      /** default: the user's own row */
      readonly table?: string;
      readonly where?: StepWhere;
      readonly tie?: Tie;
    }
  | {
      readonly delete: string;
      readonly where: StepWhere;
      /** the rows are sessions: their number is reported */
      readonly sessions?: true;
      readonly tie?: Tie;
    };

/**
 * How a preset's table is known to belong to the users table: by its name, or only by a foreign key that the database
 * declares. Absent where the operator named the table.
 */
export type Tie = 'name' | 'foreign key';
