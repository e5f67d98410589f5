import type { Db } from '../../db/connect.ts';
import type { Scalar, User } from '../../types.ts';
import { whereAll, type Criteria, type Criterion } from '../columns/criteria.ts';
import { sourceOf, tableOf, type UsersMapping } from '../mapping/users-mapping.ts';
import { getUsers } from '../reading/find-user.ts';
import type { Restored } from '../store/users-store.ts';
import { keyCriteria } from './row-criteria.ts';
import { passwordColumns } from './write-password.ts';

/**
 * Puts the hash back that the user had before `encoded` was written, where a rollback does not do it, and looks at
 * what is stored afterwards. A hash that somebody else wrote meanwhile stays.
 *
 * @param user as read before the write
 */
export async function restorePassword(
  db: Db,
  mapping: UsersMapping,
  user: User,
  encoded: string,
): Promise<Restored> {
  const stored = await readHash(db, mapping, user);
  if (stored === user.encoded) return 'unchanged';
  if (stored !== encoded) return 'changed';
  const rows = whereAll(db, db(tableOf(mapping, sourceOf(mapping, 'password'))), [
    ...rowsOf(mapping, user),
    ...holding(mapping, encoded),
  ] as unknown as Criteria);
  await (wasRowMissing(mapping, user) ? rows.delete() : rows.update(oldColumns(mapping, user)));
  return (await readHash(db, mapping, user)) === user.encoded ? 'restored' : 'changed';
}

const readHash = async (db: Db, mapping: UsersMapping, { id }: User): Promise<string | null | undefined> =>
  (await getUsers(db, mapping, [id])).get(id)?.encoded;

/** All rows of the user that a reset writes: with siblings, every row of the id. */
function rowsOf(mapping: UsersMapping, user: User): readonly Criterion[] {
  const criteria = keyCriteria(mapping, user, sourceOf(mapping, 'password'));
  return mapping.siblings ? [criteria[0]] : criteria;
}

const holding = (mapping: UsersMapping, encoded: string): Criterion[] =>
  Object.entries(passwordColumns(mapping, encoded)).map(([column, value]) => ({
    column,
    value,
    kind: mapping.facts[`${sourceOf(mapping, 'password')}.${column}`]?.kind,
  }));

const wasRowMissing = ({ passwordIn }: UsersMapping, user: User): boolean =>
  passwordIn !== undefined && user.seen[`password.${passwordIn.foreign}`] === null;

function oldColumns(mapping: UsersMapping, user: User): Record<string, Scalar> {
  const source = sourceOf(mapping, 'password');
  return Object.fromEntries(
    Object.values(mapping.password).map((column) => [column, user.seen[`${source}.${column}`] ?? null]),
  );
}
