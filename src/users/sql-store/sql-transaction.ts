import type { Db } from '../../db/connect.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import { findUser, getUsers } from '../reading/find-user.ts';
import { selectUsers } from '../reading/select-users.ts';
import type { JoinedUsers } from '../store/users-store.ts';
import { holdRow } from '../writing/hold-row.ts';
import { lockUsers } from '../writing/lock-users.ts';
import { runOnReset } from '../writing/on-reset.ts';
import { removeUser } from '../writing/remove-user.ts';
import { writePassword } from '../writing/write-password.ts';
import { loadAccess } from './load-access.ts';
import type { HasSql } from './sql-of.ts';

/** A transaction of the users' database as flows use it. */
export const openSqlTransaction = (db: Db, mapping: UsersMapping): JoinedUsers & HasSql => ({
  sql: { db, mapping },
  find: (identifier) => findUser(db, mapping, identifier),
  get: (ids) => getUsers(db, mapping, ids),
  writePassword: (user, encoded, now) => writePassword(db, mapping, user, encoded, now),
  endWithReset: (user, now) => runOnReset(db, mapping, user, now),
  lock: (users, encoded) => lockUsers(db, mapping, users, encoded),
  hold: (user) => holdRow(db, mapping, user),
  remove: (id) => removeUser(db, id),
  ...loadAccess(db, mapping),
  asQuery: (selection) => selectUsers(db, mapping, selection),
});
