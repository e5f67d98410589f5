import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import { ResetError } from '../../errors.ts';
import type { Scalar, User } from '../../types.ts';
import { sameText } from '../columns/criteria.ts';
import { exactValue } from '../reading/column-of.ts';
import { runStep } from './on-reset.ts';
import type { OnResetStep } from '../preset.ts';
import { qualify, sourceOf, tableOf, toScalar, type UsersMapping } from '../mapping/users-mapping.ts';
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
  const locked = await findLocked(trx, mapping, users, columns);
  const open = users.filter((user) => !locked.has(String(keyOf(mapping, user))));
  if (open.length > 0) throw notLocked(mapping, users.length, open);
  if (count < users.length) throw notLocked(mapping, users.length, users.slice(count));
}

const keyOf = ({ id, passwordIn }: UsersMapping, user: User): Scalar =>
  user.seen[`user.${passwordIn?.local ?? id}`] ?? null;

/** The rows that hold these users' hashes. */
function rowsOf(trx: Db, mapping: UsersMapping, users: readonly User[]): Knex.QueryBuilder {
  const join = mapping.passwordIn;
  return trx(tableOf(mapping, sourceOf(mapping, 'password')))
    .whereIn(join?.foreign ?? mapping.id, users.map((user) => keyOf(mapping, user)) as Knex.Value[])
    .where({ ...join?.where });
}

/** The keys whose every row holds the new hash, to the byte. */
async function findLocked(
  trx: Db,
  mapping: UsersMapping,
  users: readonly User[],
  columns: Readonly<Record<string, string>>,
): Promise<Set<string>> {
  const source = sourceOf(mapping, 'password');
  const key = mapping.passwordIn?.foreign ?? mapping.id;
  const home = mapping.passwordIn ? 'password' : 'user';
  const rows = rowsOf(trx, mapping, users).select(
    trx.raw('? as ??', [exactValue(trx, mapping, home, key), 'key']),
  );
  for (const [column, value] of Object.entries(columns)) {
    void rows.whereRaw(sameText(trx, mapping.facts[`${source}.${column}`]?.kind), [column, value]);
  }
  const found = (await rows) as { key: unknown }[];
  return new Set(found.map((row) => String(toScalar(row.key))));
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

/** Ends sessions and whatever else the mapping does after a new password. Gives how many sessions there were. */
export async function endSessions(
  trx: Db,
  mapping: UsersMapping,
  users: readonly User[],
  now: number,
): Promise<number> {
  let ended = 0;
  for (const step of mapping.onReset) {
    const set = setStatement(trx, mapping, step, users);
    if (set) {
      const count = await set;
      if ('delete' in step && step.sessions) ended += count;
    } else {
      for (const user of users) ended += await runStep(trx, mapping, step, user, now);
    }
  }
  return ended;
}

/** One statement for all, where the step names the user by one column and writes nothing that is drawn for each. */
function setStatement(
  trx: Db,
  mapping: UsersMapping,
  step: OnResetStep,
  users: readonly User[],
): Knex.QueryBuilder<object, number> | undefined {
  const chosen = keyColumn(mapping, step);
  if (!chosen) return undefined;
  const { column, value, fixed } = chosen;
  const keys = users.map((user) => keyFor(user, value));
  if (keys.some((key) => key === undefined)) return undefined;
  const table = 'delete' in step ? step.delete : (step.table ?? mapping.table);
  const query = trx(qualify(mapping, table))
    .whereIn(column, keys as Knex.Value[])
    .where(fixed);
  if ('delete' in step) return query.delete() as Knex.QueryBuilder<object, number>;
  const isPlain = Object.values(step.set).every((each) => typeof each !== 'object' || each === null);
  return isPlain ? (query.update(step.set) as Knex.QueryBuilder<object, number>) : undefined;
}

/** The one column by which a step names the user, and the conditions that are the same for everybody. */
function keyColumn(
  mapping: UsersMapping,
  step: OnResetStep,
): { column: string; value: Scalar | undefined; fixed: Record<string, Scalar> } | undefined {
  const where = Object.entries(step.where ?? {});
  const isOwn = 'set' in step && step.table === undefined;
  const named = where.filter(([, value]) => typeof value === 'string' && value.includes('{'));
  const fixed = Object.fromEntries(where.filter((each) => !named.includes(each)));
  const [column, value] = isOwn ? [mapping.id, '{id}'] : (named[0] ?? []);
  return column === undefined || named.length !== (isOwn ? 0 : 1) ? undefined : { column, value, fixed };
}

function keyFor(user: User, value: Scalar | undefined): Scalar | undefined {
  if (value === '{id}') return user.id;
  if (value === '{email}') return user.email;
  return value === '{username}' ? (user.username ?? undefined) : undefined;
}
