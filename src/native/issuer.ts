import type { Db } from '../db/connect.ts';
import type { Scalar } from '../types.ts';
import type { LinkToken, TokenParameter } from '../values/link-token.ts';

/** The user as the application's own code sees it. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly username: string | null;
  /** the stored password hash; empty where there is none */
  readonly encoded: string;
  /** what `Issuer.columns` asked for, as the database says it: instants as text in UTC */
  readonly columns: Readonly<Record<string, Scalar>>;
  /** every address in the table that `Issuer.addresses` names */
  readonly addresses?: readonly string[];
}

/** One link to be made. The same grant gives the same link. `iat` and `exp` are seconds since the epoch. */
export interface Grant {
  readonly iat: number;
  readonly exp: number;
  /** 96 bytes that only our signing key and the row together give: what a random token is made of */
  readonly seed: Buffer;
}

/** What fills the placeholders of a link; every issuer has `token`. */
export type Parts = Readonly<Record<string, string>>;

/** A hash that an application keeps of a random token. */
export interface TokenHash {
  hash(token: string): Promise<string>;
  check(token: string, encoded: string): Promise<boolean>;
}

/** What an issuer knows about the installation. */
export interface Site {
  readonly db: Db;
  /** the users table and its id, as the mapping knows them */
  readonly table: string;
  readonly id: string;
  readonly schema: string | undefined;
  /** a table beside the users table, with its schema */
  readonly qualify: (table: string) => string;
  /** the application's own secret; empty for those that need none */
  readonly secret: string;
  /** older secrets, under which the application still takes what it signed before */
  readonly olderSecrets: readonly string[];
  /** `link.digest`: the hash of Rails' key generator */
  readonly digest: 'sha1' | 'sha256';
  /** the application's own time zone */
  readonly timeZone: string;
  /** how long a link lives by the application's rule, in milliseconds */
  readonly lifeMs: number;
  /** `$2y$` and Argon2 of Laravel, `$P$` of WordPress, `$5$` of Flask-Security */
  readonly hashes: Readonly<Record<'bcrypt' | 'argon2i' | 'argon2id' | 'phpass', TokenHash>> & {
    readonly sha256crypt: Pick<TokenHash, 'check'>;
  };
}

/** How a user is named by a link. */
export type Whose =
  { readonly id: string } | { readonly email: string } | { readonly username: string } | undefined;

/** Instants in seconds; null where the token does not say. */
export type Verdict =
  | {
      readonly state: 'good' | 'expired';
      readonly issuedAt: number | null;
      readonly expiresAt: number;
    }
  | { readonly state: 'invalid' };

/**
 * What a link of the application's own teaches: which tokens it may be, the likeliest first; or that the form is known
 * and why it is not to be had, as a sentence. undefined: another form.
 */
export type Lesson =
  | { readonly tokens: readonly LinkToken[] }
  | { readonly refused: string; readonly reason: 'wrong_secret' | 'unknown_form' }
  | undefined;

export type Learn = (parts: Parts, secrets: readonly string[], hint?: LinkToken) => Lesson;

/** An issuer at one installation. */
export interface OpenIssuer {
  make(person: Person, grant: Grant): Parts;
  /** what the application writes when it issues; absent where it writes nothing */
  store?(trx: Db, person: Person, grant: Grant, parts: Parts): Promise<void>;
  /** the user the link is for; undefined if it does not say */
  whose(db: Db, parts: Parts): Promise<Whose>;
  /** would the application's own page take it? `now` in milliseconds */
  check(db: Db, person: Person, parts: Parts, now: number): Promise<Verdict>;
  /**
   * For a token that is derived from the user's state: has the user changed since, in a way that our fingerprint does
   * not show? Such a token cannot be made again to be checked.
   */
  hasChanged?(person: Person, grant: Pick<Grant, 'iat'>): boolean;
  /** makes every link of the user void; absent where only a new password does */
  revoke?(trx: Db, person: Pick<Person, 'id' | 'email'>): Promise<void>;
  /** what speaks against this form at this installation, as sentences for the operator */
  doubts?(db: Db): Promise<readonly string[]>;
  /** does the application sign with the first secret? undefined: nothing here proves it */
  prove?(db: Db): Promise<boolean | undefined>;
}

/** The application's own reset link: one file each in `issuers/`, named like its preset. */
export interface Issuer {
  readonly name: string;
  /** where the application's source says so */
  readonly source: string;
  /** what the application calls its secret; null: its tokens need none */
  readonly secret: string | null;
  /** what the application calls its older secrets, which it still takes; null: it has only the one */
  readonly olderSecrets: string | null;
  /** columns of the users table that the token depends on, beside those of the mapping */
  readonly columns: readonly string[];
  /** a table of further addresses that the token depends on: the user's id and the address */
  readonly addresses?: { readonly table: string; readonly user: string; readonly email: string };
  /** the page as the application ships it, and how a link goes on after it */
  readonly page: string;
  readonly tail: string;
  /** what each part of a link looks like, the pieces of an address that it is found by */
  readonly looks: Readonly<Record<string, RegExp>>;
  readonly lifeMs: number;
  /** what the application calls the setting of that life; null: the token carries its own end, and we choose it */
  readonly lifeSetting: string | null;
  /** a new link ends the user's older ones */
  readonly replaces: boolean;
  /** a link stays good until its time, also when it was used or the password changed */
  readonly outlivesUse: boolean;
  /** what cannot be known from outside the application, in words for the operator */
  readonly unknown: readonly string[];
  /** what `link.token` may say of this form, and how; absent: nothing */
  readonly parameters?: Readonly<Partial<Record<TokenParameter, RegExp>>>;
  /** what `link.token` may leave out */
  readonly usual?: Partial<Omit<LinkToken, 'form'>>;
  /** tokens depend on `link.digest` */
  readonly usesDigest?: true;
  /** the form as `link.token` describes it */
  shape?(token: LinkToken): Issuer;
  /** which of its shapes a link may have; absent: it has only one */
  readonly learn?: Learn;
  open(site: Site): Promise<OpenIssuer>;
}

/** An issuer as it is written in a file of `issuers/`. */
export const defineIssuer = (issuer: Issuer): Issuer => issuer;

/** The same for a form of which there are many shapes: `create` makes the issuer of the one that `link.token` describes. */
export function defineForm(
  form: string,
  learn: Learn,
  create: (token: LinkToken) => Omit<Issuer, 'shape' | 'learn'>,
): Issuer {
  const shape = (token: LinkToken): Issuer => ({ ...create(token), shape, learn });
  return shape({ form });
}
