import type { App } from '../../app.ts';
import { dialectOf, type Db } from '../../db/connect.ts';
import { describeServer } from '../../db/describe-server.ts';
import { findMissingRights, grantsFor, quoteUser, type TableRights } from '../../db/probe-rights.ts';
import { checkAccess } from '../../users/access/check-access.ts';
import { findTable } from '../../users/mapping/find-table.ts';
import type { UsersMapping } from '../../users/mapping/index.ts';
import { qualify } from '../../users/mapping/users-mapping.ts';
import { accessRights, neededRights } from '../../users/mapping/needed-rights.ts';
import { warning, type Finding } from './finding.ts';

/**
 * Rights that a reset does not need, and `access`, `require` and `send --end` do. A table on which the user has none is
 * invisible: PostgreSQL says that it is there all the same, MySQL and MariaDB don't.
 */
export async function checkAccessRights(app: App): Promise<Finding[]> {
  const { usersDb } = app;
  const mapping = await app.mapping().catch(() => undefined); // the check of the users table says what is wrong with it
  const { user } = await describeServer(usersDb);
  if (mapping === undefined || user === null) return [];
  const entries = await checkAccess(usersDb, mapping);
  const wanted = [...accessRights(mapping, entries), ...(await hiddenTables(usersDb, mapping))];
  const reported = await findMissingRights(usersDb, neededRights(mapping));
  const missing = (await findMissingRights(usersDb, wanted)).flatMap((each) => without(each, reported));
  if (missing.length === 0) return [];
  const list = missing.map(({ table, rights }) => `${rights.join(', ')} on ${table}`).join('; ');
  return [
    warning(
      'access_rights_missing',
      `${user} cannot show or end all that opens an account, and lacks: ${list}. Resets need none of it`,
      { remedy: grantsFor(usersDb, missing, quoteUser(user)).join('\n') },
    ),
  ];
}

async function hiddenTables(db: Db, mapping: UsersMapping): Promise<TableRights[]> {
  if (dialectOf(db) !== 'postgres') return [];
  const tables = new Set(mapping.access.flatMap(({ table }) => table ?? []));
  const hidden: TableRights[] = [];
  for (const table of tables) {
    if (await findTable(db, mapping.schema, table)) continue;
    hidden.push({ table: qualify(mapping, table), rights: ['select', 'delete'], columns: [] });
  }
  return hidden;
}

/** What another finding reports already is left out. */
function without(each: TableRights, reported: readonly TableRights[]): TableRights[] {
  const known = reported.filter(({ table }) => table === each.table).flatMap(({ rights }) => rights);
  const rights = each.rights.filter((right) => !known.includes(right));
  return rights.length === 0 ? [] : [{ ...each, rights }];
}
