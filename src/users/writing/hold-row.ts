import { dialectOf, type Db } from '../../db/connect.ts';
import type { User } from '../../types.ts';
import { whereAll } from '../columns/criteria.ts';
import { sourceOf, tableOf, type UsersMapping } from '../mapping/users-mapping.ts';
import { keyCriteria } from './row-criteria.ts';

/**
 * Wait until whoever is writing this user's password has ended. On SQLite, the transaction itself has waited when it
 * began.
 */
export async function holdRow(trx: Db, mapping: UsersMapping, user: User): Promise<void> {
  if (dialectOf(trx) === 'sqlite') return;
  const { passwordIn } = mapping;
  const isMissing = passwordIn !== undefined && user.seen[`password.${passwordIn.foreign}`] === null;
  // Whoever creates the row that is missing holds the user's.
  const source = isMissing ? 'user' : sourceOf(mapping, 'password');
  const row = trx(tableOf(mapping, source)).select(trx.raw('1'));
  await whereAll(trx, row, keyCriteria(mapping, user, source)).forUpdate();
}
