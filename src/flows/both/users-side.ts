import type { App } from '../../app.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { User } from '../../types.ts';
import { getUsers } from '../../users/reading/find-user.ts';
import { holdRow } from '../../users/writing/hold-row.ts';

/** A handle to each. Where our tables stand beside the users, it is one. */
export interface Both {
  readonly users: Db;
  readonly ledger: Db;
}

/** The users as a transaction of ours sees them: through it, where our tables stand beside them. */
export const usersSeenBy = (app: App, ledger: Db): Db => (app.isApart ? app.usersDb : ledger);

/**
 * Write in the users' database on behalf of a transaction in ours. Apart, it is a transaction of its own and committed
 * first: for writes that may be repeated, or left behind when ours fails.
 */
export const onUsersSide = <T>(app: App, ledger: Db, write: (users: Db) => Promise<T>): Promise<T> =>
  app.isApart ? inTransaction(app.usersDb, write, { isOnce: true }) : write(ledger);

/** Users as they are once whoever is writing the first one's password has ended; `held` holds that row already. */
export async function readSettledUsers(
  app: App,
  ids: readonly string[],
  held?: Db,
): Promise<Map<string, User>> {
  const mapping = await app.mapping();
  if (held) return getUsers(held, mapping, ids);
  const [first] = (await getUsers(app.usersDb, mapping, ids)).values();
  if (first) await inTransaction(app.usersDb, (users) => holdRow(users, mapping, first));
  return getUsers(app.usersDb, mapping, ids);
}
