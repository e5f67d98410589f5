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
