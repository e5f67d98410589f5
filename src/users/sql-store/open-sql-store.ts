import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import { findUser, findUsersByEmail, getUsers } from '../reading/find-user.ts';
import { pageSelection } from '../reading/select-users.ts';
import type { UsersStore } from '../store/users-store.ts';
import { assertPasswordFits } from '../writing/write-password.ts';
import { describeStore } from './describe-store.ts';
import { loadAccess, loadRest } from './load-access.ts';
import type { HasSql } from './sql-of.ts';
import { openSqlTransaction } from './sql-transaction.ts';

/**
 * Users in the tables of an application, found by a mapping that was checked against them. What few commands need is
 * loaded when it is called.
 *
 * @param isApart our tables are in another database
 */
export const openSqlStore = (db: Db, mapping: UsersMapping, isApart: boolean): UsersStore & HasSql => ({
  sql: { db, mapping },
  isApart,
  description: describeStore(mapping),
  passwords: mapping,
  ...lookingUp(db, mapping),
  ...listing(db, mapping),
  ...writing(db, mapping),
  ...loadAccess(db, mapping),
  ...loadRest(db, mapping),
});

const lookingUp = (db: Db, mapping: UsersMapping) =>
  ({
    find: (identifier) => findUser(db, mapping, identifier),
    findByEmail: (emails) => findUsersByEmail(db, mapping, emails),
    get: (ids) => getUsers(db, mapping, ids),
    findHidden: async (ids) => {
      const { findHiddenIds } = await import('../reading/find-hidden-ids.ts');
      return findHiddenIds(db, mapping, ids);
    },
    search: async (text, options) => {
      const { searchUsers } = await import('../reading/search-users.ts');
      return searchUsers(db, mapping, text, options);
    },
    findNear: async (identifier) => {
      const { findNearUsers } = await import('../reading/near-users.ts');
      return findNearUsers(db, mapping, identifier);
    },
    readNames: async (ids) => {
      const { readNames } = await import('../reading/name-columns.ts');
      return readNames(db, mapping, ids);
    },
    ping: async () => {
      await db.raw('select 1');
    },
  }) satisfies Partial<UsersStore>;

const loadLists = () => import('../reading/list-users.ts');

const listing = (db: Db, mapping: UsersMapping) =>
  ({
    count: async () => (await loadLists()).countUsers(db, mapping),
    async *list(search) {
      yield* (await loadLists()).listUsers(db, mapping, { search });
    },
    select: (selection) => pageSelection(db, mapping, selection),
    newestHashes: async () => (await loadLists()).sampleHashes(db, mapping),
  }) satisfies Partial<UsersStore>;

const writing = (db: Db, mapping: UsersMapping) =>
  ({
    transaction: (work, options) =>
      inTransaction(db, (trx) => work(openSqlTransaction(trx, mapping)), options),
    within: (ledger) => openSqlTransaction(ledger, mapping),
    assertFits: (encoded) => {
      assertPasswordFits(db, mapping, encoded);
    },
    restorePassword: async (user, encoded) => {
      const { restorePassword } = await import('../writing/restore-password.ts');
      return restorePassword(db, mapping, user, encoded);
    },
    add: async (user, now) => {
      const { addUser } = await import('../writing/add-user.ts');
      return addUser(db, user, now);
    },
  }) satisfies Partial<UsersStore>;
