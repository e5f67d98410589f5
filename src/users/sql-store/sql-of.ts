import type { Db } from '../../db/connect.ts';
import { ResetError } from '../../errors.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import type { UsersReader } from '../store/users-store.ts';

/** The tables behind a store, as its transaction sees them. */
export interface SqlUsers {
  readonly db: Db;
  readonly mapping: UsersMapping;
}

/** What has tables behind it. */
export interface HasSql {
  readonly sql: SqlUsers;
}

/** For what only an application's own tables have, such as its links. Throws config_invalid for another store. */
export function sqlOf(users: UsersReader | (UsersReader & HasSql)): SqlUsers {
  if ('sql' in users) return users.sql;
  throw new ResetError(
    'config_invalid',
    "These users are not in an application's tables, and its own links are made from them. Leave out link.native.",
  );
}
