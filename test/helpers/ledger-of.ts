/** Users' database → the database of our own tables, where a test has them apart. */
const ledgers = new Map<string, string>();

export const keepApart = (database: string, ledger: string): void => void ledgers.set(database, ledger);

/** The `ledger` to configure with this `database`; undefined: they are one. */
export const ledgerOf = (database: string | undefined): string | undefined =>
  database === undefined ? undefined : ledgers.get(database);
