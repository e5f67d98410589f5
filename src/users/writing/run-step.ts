import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import { ResetError } from '../../errors.ts';
import type { Scalar, User } from '../../types.ts';
import { conditionSql } from '../columns/condition-sql.ts';
import { whereAll, type Criteria, type Criterion } from '../columns/criteria.ts';
import { makeValue } from '../columns/new-value.ts';
import { isLookup, namesUser, PLACEHOLDER } from '../columns/step.ts';
import { qualify, type UsersMapping } from '../mapping/users-mapping.ts';
import type { NewValue, OnResetStep, StepWhere } from '../columns/rules.ts';
import { keyCriteria } from './row-criteria.ts';

/** One step for one user; gives how many rows it changed. */
export async function runStep(
  trx: Db,
  mapping: UsersMapping,
  step: OnResetStep,
  user: User,
  now: number,
): Promise<number> {
  if ('delete' in step) {
    const rows = await rowsFor(trx, mapping, { table: step.delete, where: step.where }, user);
    return rows.query.delete();
  }
  const rows = await rowsFor(trx, mapping, step, user);
  return rows.query.update(newValues(trx, step.set, now));
}

/** What a step writes; random values are drawn here. */
const newValues = (trx: Db, set: Readonly<Record<string, NewValue>>, now: number) =>
  Object.fromEntries(
    Object.entries(set).map(([column, value]) => [column, makeValue(trx, column, value, now)]),
  );

/** A query is thenable, and a promise of one would run it. */
interface Rows {
  readonly query: Knex.QueryBuilder;
}

/** The user's rows in a table, or without a table the user's own row, as far as `where` says. */
export async function rowsFor(
  db: Db,
  mapping: UsersMapping,
  { table, where = {} }: { readonly table?: string | undefined; readonly where?: StepWhere | undefined },
  user: User,
): Promise<Rows> {
  if (table !== undefined && !namesUser(where)) throw unnamed();
  return rowsOf(db, mapping, { table, where }, user);
}

async function rowsOf(
  db: Db,
  mapping: UsersMapping,
  { table, where }: { readonly table: string | undefined; readonly where: StepWhere },
  user: User,
): Promise<Rows> {
  const own = table === undefined ? keyCriteria(mapping, user, 'user') : [];
  const plain = Object.entries(where).flatMap(([column, value]) =>
    typeof value === 'object' && value !== null ? [] : [criterion(column, value, user)],
  );
  const query = db(qualify(mapping, table ?? mapping.table));
  const [first, ...rest]: Criterion[] = [...own, ...plain];
  if (first) whereAll(db, query, [first, ...rest] satisfies Criteria);
  await narrow(db, mapping, query, where, user);
  return { query };
}

/** Adds what is not a plain value. */
async function narrow(
  db: Db,
  mapping: UsersMapping,
  query: Knex.QueryBuilder,
  where: StepWhere,
  user: User,
): Promise<void> {
  for (const [column, value] of Object.entries(where)) {
    if (typeof value !== 'object' || value === null) continue;
    if (isLookup(value)) {
      const found = await rowsOf(db, mapping, { table: value.in, where: value.where }, user);
      query.whereIn(column, (await found.query.distinct().pluck(value.column)) as Knex.Value[]);
    } else {
      const condition = { startsWith: fill(value.startsWith, user) };
      query.whereRaw(conditionSql(db, { name: column, kind: undefined }, condition));
    }
  }
}

/** R74: a step that does not name the user is refused before it can run. */
const unnamed = (): ResetError =>
  new ResetError('config_invalid', 'A step of users.onReset does not name the user in "where".');

function criterion(column: string, value: Scalar, user: User): Criterion {
  if (typeof value !== 'string') return { column, value };
  return { column, value: fill(value, user), isKey: true };
}

const fill = (text: string, user: User): string =>
  text.replace(PLACEHOLDER, (_, part: 'id' | 'email' | 'username') => {
    const known = user[part];
    if (typeof known === 'string') return known;
    throw new ResetError(
      'config_invalid',
      `A step of users.onReset needs {${part}}, and the users table has none.`,
    );
  });
