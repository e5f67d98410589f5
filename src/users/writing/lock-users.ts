import type { Knex } from 'knex';
import { among } from '../../db/among.ts';
import type { Db } from '../../db/connect.ts';
import { ResetError } from '../../errors.ts';
import type { Scalar, User } from '../../types.ts';
import { sameText } from '../columns/criteria.ts';
import { exactValue } from '../reading/column-of.ts';
import { sourceOf, tableOf, toScalar, type UsersMapping } from '../mapping/users-mapping.ts';
import { assertPasswordFits, passwordColumns } from './write-password.ts';
import { programName } from '../../values/program-name.ts';

/**
 * Replaces the stored hash of all these users with one, in one statement: breach mode. No compare-and-swap, because
 * whatever their password is by now, it must go. Then reads back whose hash is the new one.
 *
 * @throws config_invalid, with `details.ids`, when somebody's hash is not the new one; the caller must roll back
 */
export async function lockUsers(
  trx: Db,
  mapping: UsersMapping,
  users: readonly User[],
  encoded: string,
): Promise<void> {
  if (users.length === 0) return;
  assertPasswordFits(trx, mapping, encoded);
  const columns = passwordColumns(mapping, encoded);
  const count: number = await rowsOf(trx, mapping, users).update(columns);
  const open = await findOpen(trx, mapping, users, columns);
  if (open.length > 0) throw notLocked(mapping, users.length, open);
  if (count < users.length) throw notLocked(mapping, users.length, users.slice(count));
}

const keyOf = ({ id, passwordIn }: UsersMapping, user: User): Scalar =>
  user.seen[`user.${passwordIn?.local ?? id}`] ?? null;

const keysOf = (mapping: UsersMapping, users: readonly User[]): Scalar[] => [
  ...new Set(users.map((user) => keyOf(mapping, user))),
];

/** The rows that hold these users' hashes. */
function rowsOf(trx: Db, mapping: UsersMapping, users: readonly User[]): Knex.QueryBuilder {
  const join = mapping.passwordIn;
  return trx(tableOf(mapping, sourceOf(mapping, 'password')))
    .where(among(trx, join?.foreign ?? mapping.id, keysOf(mapping, users)))
    .where({ ...join?.where });
}

/** Users whose row does not hold the new hash, to the byte. Mostly nobody: then a number says it. */
async function findOpen(
  trx: Db,
  mapping: UsersMapping,
  users: readonly User[],
  columns: Readonly<Record<string, string>>,
): Promise<User[]> {
  const source = sourceOf(mapping, 'password');
  const key = mapping.passwordIn?.foreign ?? mapping.id;
  const home = mapping.passwordIn ? 'password' : 'user';
  const rows = rowsOf(trx, mapping, users);
  for (const [column, value] of Object.entries(columns)) {
    void rows.whereRaw(sameText(trx, mapping.facts[`${source}.${column}`]?.kind), [column, value]);
  }
  const counted = await rows.clone().countDistinct<{ count: number | string }[]>({ count: key });
  if (Number(counted[0]?.count) === keysOf(mapping, users).length) return [];
  const found = await rows.select<{ key: unknown }[]>(
    trx.raw('? as ??', [exactValue(trx, mapping, home, key), 'key']),
  );
  const locked = new Set(found.map((row) => String(toScalar(row.key))));
  return users.filter((user) => !locked.has(String(keyOf(mapping, user))));
}

const notLocked = (mapping: UsersMapping, all: number, open: readonly User[]): ResetError =>
  new ResetError(
    'config_invalid',
    `${open.length} of ${all} passwords kept their old hash or another one (user ${open
      .slice(0, 5)
      .map(({ id }) => id)
      .join(
        ', ',
      )}${open.length > 5 ? ', …' : ''}). Look for triggers, rules and row-level security on ${tableOf(mapping, sourceOf(mapping, 'password'))}, then: ${programName} doctor`,
    { details: { ids: open.map(({ id }) => id) } },
  );
