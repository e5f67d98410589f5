import { dialectOf, type Db } from '../../db/connect.ts';
import { quoteName } from '../../db/quote-name.ts';
import { ResetError } from '../../errors.ts';
import type { Scalar, User } from '../../types.ts';
import { whereAll } from '../columns/criteria.ts';
import { instant, makeValue } from '../columns/new-value.ts';
import { exactValue } from '../reading/column-of.ts';
import { keyCriteria, seenCriteria } from './row-criteria.ts';
import { sourceOf, tableOf, toScalar, type UsersMapping } from '../mapping/users-mapping.ts';

type Columns = Readonly<Record<string, Scalar>>;

/**
 * Writes the new hash if the user's row still is what it was when it was read: one UPDATE whose WHERE repeats
 * the id and everything in `user.seen`. False: somebody else changed the password, the address or the state
 * meanwhile; the caller must roll back.
 *
 * @param now milliseconds since 1970, for the column that keeps when the password changed
 * @throws config_invalid when the hash does not fit its column, or the database stored something else (R39)
 */
export async function writePassword(
  trx: Db,
  mapping: UsersMapping,
  user: User,
  encoded: string,
  now: number,
): Promise<boolean> {
  const columns = passwordColumns(mapping, encoded);
  assertFits(trx, mapping, columns);
  const changedAt = changedAtOf(mapping, now);
  if (isRowMissing(mapping, user)) return createPasswordRow(trx, mapping, user, columns, now);
  const changed = await swap(trx, mapping, user, mapping.passwordIn ? columns : { ...columns, ...changedAt });
  if (changed === 0) return false;
  if (changed !== 1) throw manyRows(mapping, changed);
  if (!(await isStillSeen(trx, mapping, user))) return false;
  await assertStored(trx, mapping, user, columns);
  if (mapping.passwordIn && Object.keys(changedAt).length > 0) {
    await whereAll(trx, trx(tableOf(mapping, 'user')), keyCriteria(mapping, user, 'user')).update(changedAt);
  }
  await writeSiblings(trx, mapping, user, { ...columns, ...changedAt });
  return true;
}

/** Has the user no row yet in the table of the hashes? */
const isRowMissing = ({ passwordIn }: UsersMapping, user: User): boolean =>
  passwordIn !== undefined && user.seen[`password.${passwordIn.foreign}`] === null;

/**
 * The same for a user without a row for the hash, where the application's own reset makes one. No UPDATE can hold the
 * condition here: the user's row is locked, so that of two who would insert the second finds the first's row.
 */
async function createPasswordRow(
  trx: Db,
  mapping: UsersMapping,
  user: User,
  columns: Columns,
  now: number,
): Promise<boolean> {
  const { passwordIn } = mapping;
  if (!passwordIn?.create) return false;
  for (const source of new Set(['user', sourceOf(mapping, 'email')] as const)) {
    const seen = whereAll(
      trx,
      trx(tableOf(mapping, source)).select(trx.raw('1')),
      seenCriteria(mapping, user, source),
    );
    if (!(await (dialectOf(trx) === 'sqlite' ? seen : seen.forUpdate()).first())) return false;
  }
  const table = tableOf(mapping, 'password');
  const own = whereAll(trx, trx(table).select(trx.raw('1')), keyCriteria(mapping, user, 'password'));
  if (await own.first()) return false;
  const others = Object.entries(passwordIn.create).map(([column, value]) => [
    column,
    value === '{id}' ? user.seen[`user.${mapping.id}`] : makeValue(trx, column, value, now),
  ]);
  const owner = user.seen[`user.${passwordIn.local}`];
  await trx(table).insert({
    ...Object.fromEntries(others),
    ...passwordIn.where,
    [passwordIn.foreign]: owner,
    ...columns,
  });
  await assertStored(trx, mapping, user, columns);
  return true;
}

/**
 * Will this encoded hash fit the columns of the table? Also asked before a token is spent, and by `doctor`.
 *
 * @throws config_invalid with the statement that widens the column
 */
export function assertPasswordFits(db: Db, mapping: UsersMapping, encoded: string): void {
  assertFits(db, mapping, passwordColumns(mapping, encoded));
}

/** The one deciding write; gives the number of rows that matched. */
async function swap(trx: Db, mapping: UsersMapping, user: User, columns: Columns): Promise<number> {
  const home = sourceOf(mapping, 'password');
  const query = whereAll(trx, trx(tableOf(mapping, home)), seenCriteria(mapping, user, home));
  for (const source of new Set(['user', sourceOf(mapping, 'email')] as const)) {
    // A user without a row for the address has nothing there that could have changed.
    if (source === home || (source === 'email' && user.email === '')) continue;
    query.whereExists(
      whereAll(trx, trx(tableOf(mapping, source)).select(trx.raw('1')), seenCriteria(mapping, user, source)),
    );
  }
  return query.update(columns);
}

/**
 * Are the address and the state unchanged, if they are in another table than the hash? In an UPDATE that waited for a
 * row, PostgreSQL sees the other tables as they were before it waited; a separate statement sees them as they are
 * now.
 */
async function isStillSeen(trx: Db, mapping: UsersMapping, user: User): Promise<boolean> {
  if (dialectOf(trx) !== 'postgres') return true;
  const home = sourceOf(mapping, 'password');
  for (const source of new Set(['user', sourceOf(mapping, 'email')] as const)) {
    if (source === home || (source === 'email' && user.email === '')) continue;
    const row = whereAll(trx, trx(tableOf(mapping, source)), seenCriteria(mapping, user, source));
    if (!(await row.first(trx.raw('1')))) return false;
  }
  return true;
}

/** The parts of an encoded hash by the columns that hold them. */
export function passwordColumns(mapping: UsersMapping, encoded: string): Record<string, string> {
  const roles = Object.entries(mapping.password);
  const parts = roles.length > 1 ? mapping.codec?.split(encoded) : { hash: encoded };
  const columns = roles.map(([role, column]) => {
    const part = parts?.[role];
    if (part === undefined) {
      throw new ResetError('config_invalid', `The hash format has no part ${role} for the column ${column}.`);
    }
    return [column, part] as const;
  });
  return Object.fromEntries(columns);
}

function assertFits(db: Db, mapping: UsersMapping, columns: Readonly<Record<string, string>>): void {
  const source = sourceOf(mapping, 'password');
  for (const [column, value] of Object.entries(columns)) {
    const width = mapping.facts[`${source}.${column}`]?.maxLength ?? Number.POSITIVE_INFINITY;
    if (value.length <= width) continue;
    const table = tableOf(mapping, source);
    const name = quoteName(db, column);
    const widen = dialectOf(db) === 'postgres' ? `alter column ${name} type` : `modify ${name}`;
    throw new ResetError(
      'config_invalid',
      `The column ${column} of ${table} takes ${width} characters, and this hash has ${value.length}. ` +
        `Widen it: alter table ${quoteName(db, table)} ${widen} varchar(255)`,
      { details: { table, column, width, needed: value.length } },
    );
  }
}

/** A database without strict mode cuts what is too long and reports success. */
async function assertStored(trx: Db, mapping: UsersMapping, user: User, columns: Columns): Promise<void> {
  const source = sourceOf(mapping, 'password');
  const row = (await whereAll(trx, trx(tableOf(mapping, source)), keyCriteria(mapping, user, source))
    .select(
      Object.keys(columns).map((name) => trx.raw('? as ??', [exactValue(trx, mapping, source, name), name])),
    )
    .first()) as Record<string, unknown> | undefined;
  const wrong = Object.entries(columns).find(([column, value]) => toScalar(row?.[column]) !== value);
  if (!wrong) return;
  throw new ResetError(
    'config_invalid',
    `The column ${wrong[0]} of ${tableOf(mapping, source)} holds something other than what was written. ` +
      'Look at its type, its length, and triggers on the table.',
  );
}

/** Where one user has several rows, the others follow the one that decided. */
async function writeSiblings(trx: Db, mapping: UsersMapping, user: User, columns: Columns): Promise<void> {
  if (!mapping.siblings) return;
  const [key] = keyCriteria(mapping, user, 'user');
  await whereAll(trx, trx(tableOf(mapping, 'user')), [key])
    .whereNot(mapping.siblings)
    .update(columns);
}

function changedAtOf(mapping: UsersMapping, now: number): Record<string, Scalar> {
  if (mapping.changedAt === undefined) return {};
  const isTime = mapping.facts[`user.${mapping.changedAt}`]?.kind === 'time';
  return { [mapping.changedAt]: instant(now, mapping.preset.changedAtAs ?? (isTime ? 'text' : 'ms')) };
}

const manyRows = (mapping: UsersMapping, count: number): ResetError =>
  new ResetError(
    'config_invalid',
    `This user has ${count} rows in ${tableOf(mapping, sourceOf(mapping, 'password'))} where there must be exactly one.`,
  );
