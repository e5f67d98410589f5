import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import type { Scalar, User } from '../../types.ts';
import { runStep } from './on-reset.ts';
import type { OnResetStep } from '../preset.ts';
import { qualify, sourceOf, tableOf, type UsersMapping } from '../mapping/users-mapping.ts';
import { assertPasswordFits, passwordColumns } from './write-password.ts';

/**
 * Replaces the stored hash of all these users by one, in one statement: breach mode. No compare-and-swap, because
 * whatever their password is by now, it must go. Gives how many rows of the table were written.
 */
export async function lockUsers(
  trx: Db,
  mapping: UsersMapping,
  users: readonly User[],
  encoded: string,
): Promise<number> {
  if (users.length === 0) return 0;
  assertPasswordFits(trx, mapping, encoded);
  const columns = passwordColumns(mapping, encoded);
  const join = mapping.passwordIn;
  const keys = users.map((user) => user.seen[`user.${join?.local ?? mapping.id}`] ?? null);
  const query = trx(tableOf(mapping, sourceOf(mapping, 'password')))
    .whereIn(join?.foreign ?? mapping.id, keys as Knex.Value[])
    .where({ ...join?.where });
  return query.update(columns);
}

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
  const where = Object.entries(step.where ?? {});
  const isOwn = 'set' in step && step.table === undefined;
  const named = where.filter(([, value]) => typeof value === 'string' && value.includes('{'));
  const fixed = Object.fromEntries(where.filter((each) => !named.includes(each)));
  const [column, value] = isOwn ? [mapping.id, '{id}'] : (named[0] ?? []);
  if (column === undefined || named.length !== (isOwn ? 0 : 1)) return undefined;
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

function keyFor(user: User, value: Scalar | undefined): Scalar | undefined {
  if (value === '{id}') return user.id;
  if (value === '{email}') return user.email;
  return value === '{username}' ? (user.username ?? undefined) : undefined;
}
