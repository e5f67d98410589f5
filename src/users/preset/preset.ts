import type { PasswordTransform, Scalar } from '../../types.ts';
import type { PrehashKind } from '../../values/prehash-kinds.ts';
import type { AccessEntry } from '../access/entry.ts';
import type { Conditions, Condition, NewValue, OnResetStep, Tie } from '../columns/rules.ts';

export type { PasswordTransform } from '../../types.ts';
export type { Condition, Conditions, NewValue, OnResetStep, Tie } from '../columns/rules.ts';

/** What a reset cannot reach, in words for the operator; with `table`, said only where that table is there. */
export type Advice = string | { readonly text: string; readonly table: string };

export const adviceText = (advice: Advice): string => (typeof advice === 'string' ? advice : advice.text);

/** A hash kept in several columns: role of the part (`hash`, `salt`, `algorithm`) → column. */
export type PasswordColumns = Readonly<Record<string, string>>;

/** How a hash format turns the parts of several columns into one encoded hash, and back. */
export interface PasswordCodec {
  join(parts: Readonly<Record<string, string | null>>): string | null;
  split(encoded: string): Readonly<Record<string, string>>;
}

/** A row in another table that belongs to the user: `table.foreign = users.local`, and `where` holds. */
export interface Join {
  readonly table: string;
  readonly local: string;
  readonly foreign: string;
  readonly where?: Readonly<Record<string, Scalar>>;
  readonly tie?: Tie;
}

/** Where the hash is in a table of its own. */
export interface PasswordJoin extends Join {
  /** what it means when a user has no row there, in words for the operator: a refusal, unless `create` says more */
  readonly absent: string;
  /**
   * the application's own reset makes the missing row: its other columns. `{id}` stands for the user; `random` where
   * the database draws no id itself. A batch leaves these users out all the same: nobody asked for a password.
   */
  readonly create?: Readonly<Record<string, NewValue>>;
}

/** Users who must not get a reset, and why, in words for the operator. */
export interface Refusal {
  readonly because: string;
  /** columns of the users table */
  readonly when?: Conditions;
  /** the encoded hash */
  readonly encoded?: Condition;
}

/** What only this application's tables have: all of these columns and tables are there. */
export interface Mark {
  /** of the users table */
  readonly columns?: readonly string[];
  /** the users table has no other columns */
  readonly isAll?: true;
  /** columns of the users table that another application has, whose table is much alike */
  readonly without?: readonly string[];
  /** `{p}` is the site's prefix, `{t}` the users table */
  readonly tables?: readonly string[];
}

/** How one application stores its users: data only. In table names, `{p}` is the prefix that the site chose, and `{t}` the users table. */
export interface Preset {
  readonly name: string;
  /** the application, as people call it, with the versions meant */
  readonly title: string;
  /** what stands behind this preset: real login, real hasher, vectors, or the application's source */
  readonly evidence: string;
  readonly prefix?: string;
  readonly table: string;
  readonly schema?: string;
  readonly columns: {
    readonly id: string;
    readonly email: string;
    readonly name?: string;
    readonly username?: string;
    readonly password: string | PasswordColumns;
    readonly locale?: string;
    readonly changedAt?: string;
  };
  /** how `changedAt` is written */
  readonly changedAtAs?: 'text' | 's' | 'ms';
  /** `changedAt` changes with the password only; `updated_at` and its like also change with a sign-in */
  readonly isChangedAtExact?: true;
  /** columns that not every version has; conditions and steps on absent ones are left out */
  readonly optional?: readonly string[];
  /** the e-mail address is in another table (`columns.email` is a column of it) */
  readonly emailIn?: Join;
  /** the hash is in another table (`columns.password` is in it) */
  readonly passwordIn?: PasswordJoin;
  readonly activeWhen?: Conditions;
  /** columns that look as if they kept users from signing in, and do not */
  readonly harmless?: readonly string[];
  readonly refuseWhen?: readonly Refusal[];
  /** tables of releases that this preset does not fit, and why, in words for the operator: where one exists, the preset is refused */
  readonly without?: Readonly<Record<string, string>>;
  /** several rows per user: this one decides, the others follow */
  readonly siblings?: Readonly<Record<string, Scalar>>;
  /** a registered hash format; null: take what the rows have */
  readonly hashFormat: string | null;
  readonly hashParameters?: Readonly<Record<string, string | number>>;
  readonly passwordTransform?: PasswordTransform;
  /** what the application makes of a password before its hash function sees it */
  readonly prehash?: PrehashKind;
  /** what the login does to Unicode before hashing, beyond `passwordTransform` */
  readonly normalize?: 'none' | 'nfc' | 'nfkc';
  /** longest password that the application's own forms take, in characters */
  readonly maxLength?: number;
  /** what lets a person in or keeps a person out; the steps of entries that end with a reset run before `onReset` */
  readonly access?: readonly AccessEntry[];
  /** what else changes with the password */
  readonly onReset?: readonly OnResetStep[];
  /** what SQL cannot reach, shown to the operator after a reset, one line each */
  readonly advice?: readonly Advice[];
  /** its sessions hold (a part of) the hash, so a new one ends them: nothing has to be deleted */
  readonly sessionsEndWithHash?: true;
  /** other names that its forks use; detection finds them, and writes down what it found */
  readonly forks?: {
    readonly tables?: readonly string[];
    readonly columns?: Readonly<Partial<Record<'id' | 'name' | 'username' | 'password', readonly string[]>>>;
  };
  /** a table of any name that has all of these columns is its users table too */
  readonly anyTableWith?: readonly string[];
  /** formats that its older rows have */
  readonly olderFormats?: readonly string[];
  /** the preset that fits these tables as well, and knows less about them */
  readonly refines?: string;
  /**
   * Columns and tables that only this application has; one mark is enough. A preset without marks, or a database
   * without any of them, is a guess: it is shown, and never chosen without the operator's word.
   */
  readonly marks?: readonly Mark[];
}

/** A preset as it is written in a file of `presets/`; the name makes a wrong key a compile-time error. */
export const definePreset = (name: string, preset: Omit<Preset, 'name'>): Preset => ({ name, ...preset });
