/** Time as a parameter: milliseconds since the epoch. Tests pass a fixed one. */
export interface Clock {
  now(): number;
}

/** What a column may hold where we compare it: never an object, never an array (R73). */
export type Scalar = string | number | boolean | null;

/**
 * One row of the application's users table, as the mapping reads it.
 * `encoded` is the stored password hash as one string, also where the application keeps it in several columns.
 */
export interface User {
  /** the id as text, whatever its type in the database */
  readonly id: string;
  /** exactly as stored; the only address that mail may go to (R64) */
  readonly email: string;
  readonly name: string | null;
  /** what the person logs in with, where that is another column than the e-mail */
  readonly username?: string | null;
  readonly locale: string | null;
  /** as stored: it may be one that nobody knows */
  readonly timeZone?: string | null;
  readonly isActive: boolean;
  /** why this user must not get a reset at all (SSO, LDAP, no local password), in words for the operator */
  readonly refusal: string | null;
  readonly encoded: string | null;
  /** column → value as read: the compare-and-swap repeats them (password, e-mail, active condition) */
  readonly seen: Readonly<Record<string, Scalar>>;
}

/** A user whom the operator has chosen, with others. */
export interface SelectedUser {
  readonly id: string;
  readonly email: string | null;
  /** at most 35 characters */
  readonly locale: string | null;
  readonly isActive: boolean;
  readonly isRefused: boolean;
  readonly isChanged: boolean;
  readonly isExcepted: boolean;
}

/** Who asked: a person on the request page, or an operator at a terminal. */
export interface Actor {
  readonly kind: 'operator' | 'web' | 'system';
  /** `user@host` of the operating system, or the network address of the visitor */
  readonly name: string;
  /** the support ticket given with `--ticket` */
  readonly ticket?: string | undefined;
}

/** Why a person gets a link: asked for on the page, sent by support on request, or demanded by the operator of many. */
export type Occasion = 'page' | 'support' | 'batch';

/** A second mail of a batch to somebody who still has no new password, or the last one that this person gets. */
export type Reminder = 'again' | 'last';

/** What the application's login does to a typed password before it hashes it. */
export type PasswordTransform = 'raw' | 'trim' | 'wp-slash' | 'phpbb' | 'nfc' | 'nfkc' | 'nfkd';
