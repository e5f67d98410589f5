import type { Db } from '../../db/connect.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import { selectUsers } from './select-users.ts';

/**
 * Which of these ids are in the users table when ids are compared as text. A user who is found like this and by no
 * look-up has an id that is read differently from how it is stored.
 */
export async function findHiddenIds(
  db: Db,
  mapping: UsersMapping,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const users = db.from(selectUsers(db, mapping, {}).as('s'));
  const rows = await users.whereIn('s.id', [...ids]).select<{ id: string }[]>('s.id');
  return rows.map(({ id }) => id);
}
