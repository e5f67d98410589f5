import type { App } from '../../app.ts';
import type { Db } from '../../db/connect.ts';
import type { User } from '../../types.ts';
import type { UsersReader, UsersStore, UsersTransaction } from '../../users/store/users-store.ts';

/** A transaction in each. Where one spans both, it is the same. */
export interface Both {
  readonly users: UsersTransaction;
  readonly ledger: Db;
}

/** The users as a transaction of ours sees them: through it, where it spans both. */
export const usersSeenBy = (store: UsersStore, ledger: Db): UsersReader =>
  store.isApart ? store : store.within(ledger);

/**
 * Write to the users on behalf of a transaction in ours. Apart, it is a transaction of its own and committed first: for
 * writes that may be repeated, or left behind when ours fails.
 */
export const onUsersSide = <T>(
  store: UsersStore,
  ledger: Db,
  write: (users: UsersTransaction) => Promise<T>,
): Promise<T> => (store.isApart ? store.transaction(write, { isOnce: true }) : write(store.within(ledger)));

/** Users as they are once whoever is writing the first one's password has ended; `held` holds that user already. */
export async function readSettledUsers(
  app: App,
  ids: readonly string[],
  held?: UsersReader,
): Promise<Map<string, User>> {
  if (held) return held.get(ids);
  const store = await app.users();
  const [first] = (await store.get(ids)).values();
  if (first) await store.transaction((users) => users.hold(first));
  return store.get(ids);
}
