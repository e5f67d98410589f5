import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import type { User } from '../../types.ts';
import type { AccessKind } from './access-kinds.ts';
import type { AccessReader, AccessWriter, KnownAccess, UserConditions } from './known-access.ts';
import type { Identifier } from './identifier.ts';
import type { PasswordScheme } from './password-scheme.ts';
import type { Search, SearchOptions } from './search.ts';
import type { SelectedUser } from '../../types.ts';
import type { UserSelection } from './selection.ts';
import type { StoreDescription } from './store-description.ts';

/** Users as the store has them, or as one of its transactions sees them. */
export interface UsersReader extends AccessReader {
  /**
   * The one user that the identifier names. Addresses are equal when they differ in ASCII letters' case at most.
   *
   * @throws user_ambiguous with `details.ids` when two users match who both may be reset; usage_invalid for a user name
   * where there are none
   */
  find(identifier: Identifier): Promise<User | undefined>;
  /** Users by id, also by another spelling of it as it was asked for; ids that nobody has are absent. */
  get(ids: readonly string[]): Promise<Map<string, User>>;
}

/**
 * Where an application keeps its users. Flows know no more of it than this; SQL by mapping (`sql-store`) is one. Every
 * question is about any number of users, and what is long comes in pages. All throw database_unavailable or
 * config_invalid for what the store refuses.
 */
export interface UsersStore extends UsersReader {
  readonly description: StoreDescription;
  readonly passwords: PasswordScheme;
  /** no transaction spans the users and our tables */
  readonly isApart: boolean;
  /** Users by address; the key is the address as given. */
  findByEmail(emails: readonly string[]): Promise<Map<string, User[]>>;
  /** Which of these ids, that `get` did not find, are somebody's all the same. */
  findHidden(ids: readonly string[]): Promise<string[]>;
  /** Users whose address, user name, name or id hold every word of the text, in whatever case. */
  search(text: string, options: SearchOptions): Promise<Search>;
  /** Up to three users who may be meant by somebody who typed what nobody has, nearest first. */
  findNear(identifier: Identifier): Promise<User[]>;
  /** id → name as people say it; ids without a name are absent. */
  readNames(ids: readonly string[]): Promise<Map<string, string>>;
  count(): Promise<number>;
  /** Every user, by id; with `search` those that a search finds. Read in pages, so that any number fits into memory. */
  list(search?: string): AsyncGenerator<User, void, undefined>;
  /**
   * The users of a selection, by id, in pages.
   *
   * @throws usage_invalid for a column that the users have not got
   */
  select(selection: UserSelection): AsyncGenerator<readonly SelectedUser[], void, undefined>;
  /** Encoded hashes of the newest hundred users who have one and are not refused. */
  newestHashes(): Promise<string[]>;
  /** Why these conditions cannot be asked, in words; empty: they can. */
  checkConditions(conditions: UserConditions): Promise<readonly string[]>;
  /** Which of these conditions hold for a user: their fields. */
  whichHold(user: User, conditions: UserConditions): Promise<string[]>;
  /** The ids of those of these users who meet any of these conditions. */
  whoHolds(users: readonly User[], conditions: UserConditions): Promise<Set<string>>;
  /** Answers, or throws. */
  ping(): Promise<void>;

  /** Will this encoded hash fit? Asked before a token is spent. Throws config_invalid with what to change. */
  assertFits(encoded: string): void;
  /** Changes in one transaction of the store. `isOnce`: a lost race is thrown instead of tried again. */
  transaction<T>(
    work: (users: UsersTransaction) => Promise<T>,
    options?: { readonly isOnce?: boolean },
  ): Promise<T>;
  /** The users in a transaction of ours: only where one spans both. */
  within(ledger: Db): JoinedUsers;
  /** What ends when people are locked: all that a reset ends, and these kinds. Looks around before a transaction. */
  endWithLock(kinds: readonly AccessKind[]): Promise<Ending>;
  /**
   * Puts the hash back that the user had before `encoded` was written, where a rollback does not do it. A hash that
   * somebody else wrote meanwhile stays.
   */
  restorePassword(user: User, encoded: string): Promise<Restored>;
  /** Only in reset's own table of users. Throws usage_invalid for an address that is none, or taken. */
  add(user: NewUser, now: number): Promise<{ readonly id: string }>;
}

/** Changes to users, all of them or none; `now` in milliseconds since 1970. */
export interface UsersTransaction extends UsersReader, AccessWriter {
  /**
   * Writes the new hash if nothing of `user.seen` changed since the user was read. False: something did, and the caller
   * rolls back.
   *
   * @throws config_invalid when the hash does not fit, or something else was stored
   */
  writePassword(user: User, encoded: string, now: number): Promise<boolean>;
  /** Everything else that changes with a password. */
  endWithReset(user: User, now: number): Promise<{ readonly sessionsEnded: number }>;
  /**
   * Replaces the hash of all these users with one, whatever it is by now, and reads it back.
   *
   * @throws config_invalid, with `details.ids`, when somebody's hash is not the new one
   */
  lock(users: readonly User[], encoded: string): Promise<void>;
  /** Waits until whoever is writing this user's password has ended. */
  hold(user: User): Promise<void>;
  /** Only in reset's own table of users; gives whether the user was there. */
  remove(id: string): Promise<boolean>;
}

/** The users in a transaction that spans our tables. */
export interface JoinedUsers extends UsersTransaction {
  /** A selection as SQL that statements of ours read from: the fields of SelectedUser, in snake case. Nothing is run here. */
  asQuery(selection: UserSelection): Knex.QueryBuilder;
  /**
   * How many of the users whose ids (`id`, as text) a query of ours gives have some of it, in one statement. Undefined
   * where that cannot be asked so.
   */
  countHolders(access: KnownAccess, ids: Knex.QueryBuilder): Promise<number | undefined>;
}

/** Ends what it was made for, for many; gives how many sessions ended. */
export type Ending = (within: UsersTransaction, users: readonly User[], now: number) => Promise<number>;

/** `unchanged`: the old hash was never replaced; `restored`: it was, and is back; `changed`: something else is stored. */
export type Restored = 'unchanged' | 'restored' | 'changed';

/** A user for reset's own table. */
export interface NewUser {
  readonly email: string;
  readonly username?: string | undefined;
  readonly locale?: string | undefined;
  /** absent: the user sets a first password with a reset link */
  readonly encoded?: string | undefined;
}
