import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import type { User } from '../../types.ts';
import type { Identifier } from './identifier.ts';
import type { PasswordScheme } from './password-scheme.ts';
import type { Search, SearchOptions } from './search.ts';
import type { SelectedUser, UserSelection } from './selection.ts';

/** What a flow has to know about a store, in words and yes or no. */
export interface StoreDescription {
  /** where users, their addresses and their hashes are kept, as the operator calls it: a table */
  readonly places: { readonly users: string; readonly email: string; readonly password: string };
  /** tells it from another store */
  readonly key: readonly (string | undefined)[];
  /** what the id and the address are called there */
  readonly fields: { readonly id: string; readonly email: string };
  readonly hasUsernames: boolean;
  readonly hasTimeZones: boolean;
  /** it says when a password was changed */
  readonly knowsPasswordTime: boolean;
  /** the format in which the application itself writes hashes; null: unknown, or there are several */
  readonly ownFormat: string | null;
  /** the application drops every session of an old hash by itself */
  readonly sessionsEndWithHash: boolean;
  /** what no reset reaches, in words for the operator */
  readonly advice: readonly string[];
  /** what the operator should know before the first reset, one sentence each */
  readonly warnings: readonly string[];
  /** what a rollback does not restore, in words; undefined: everything can be rolled back */
  readonly irrevocable: string | undefined;
}

/**
 * Where an application keeps its users. Flows know no more of it than this; SQL by mapping (`sql-store`) is one. Every
 * question is about any number of users, and what is long comes in pages. All throw database_unavailable or
 * config_invalid for what the store refuses.
 */
export interface UsersStore {
  readonly description: StoreDescription;
  readonly passwords: PasswordScheme;
  /**
   * The one user that the identifier names. Addresses are equal when they differ in ASCII letters' case at most.
   *
   * @throws user_ambiguous with `details.ids` when two users match who both may be reset; usage_invalid for a user name
   * where there are none
   */
  find(identifier: Identifier): Promise<User | undefined>;
  /** Users by address; the key is the address as given. */
  findByEmail(emails: readonly string[]): Promise<Map<string, User[]>>;
  /** Users by id, also by another spelling of it as it was asked for; ids that nobody has are absent. */
  get(ids: readonly string[]): Promise<Map<string, User>>;
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
  /** Answers, or throws. */
  ping(): Promise<void>;
  /** The users in a transaction of ours: only where one spans both (`app.isApart` says so). */
  within(ledger: Db): JoinedUsers;
}

/** The users as a statement in our tables can reach them. */
export interface JoinedUsers {
  /** A selection as SQL that statements of ours read from: the fields of SelectedUser, in snake case. Nothing is run here. */
  asQuery(selection: UserSelection): Knex.QueryBuilder;
}
