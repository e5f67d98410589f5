import type { Db } from '../../db/connect.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import { findUser, findUsersByEmail, getUsers } from '../reading/find-user.ts';
import { pageSelection, selectUsers } from '../reading/select-users.ts';
import type { UsersStore } from '../store/users-store.ts';
import { describeStore } from './describe-store.ts';

/**
 * Users in the tables of an application, found by a mapping that was checked against them. What few commands need is
 * loaded when it is called.
 */
export const openSqlStore = (db: Db, mapping: UsersMapping): UsersStore => ({
  description: describeStore(mapping),
  passwords: mapping,
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
  count: async () => (await listing()).countUsers(db, mapping),
  async *list(search) {
    yield* (await listing()).listUsers(db, mapping, { search });
  },
  select: (selection) => pageSelection(db, mapping, selection),
  newestHashes: async () => (await listing()).sampleHashes(db, mapping),
  ping: async () => {
    await db.raw('select 1');
  },
  within: (ledger) => ({ asQuery: (selection) => selectUsers(ledger, mapping, selection) }),
});

const listing = () => import('../reading/list-users.ts');
