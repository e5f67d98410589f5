import { among } from '../../db/among.ts';
import { dialectOf, type Db } from '../../db/connect.ts';
import type { Scalar, User } from '../../types.ts';
import { isLookup, namesUser } from '../columns/step.ts';
import { qualify, type UsersMapping } from '../mapping/users-mapping.ts';
import { drawnSql, isDrawn } from '../columns/drawn-sql.ts';
import { makeValue } from '../columns/new-value.ts';
import type { OnResetStep, StepValue } from '../columns/rules.ts';
import { fixedIn, whereFixed, type Fixed } from './fixed-rows.ts';
import { runStep } from './run-step.ts';

/** Keys in one statement, so that no database runs out of parameters. */
export const KEYS = 5000;

/** Runs steps for many users, in few statements where it can. Gives how many session rows were deleted. */
export async function runForMany(
  trx: Db,
  mapping: UsersMapping,
  steps: readonly OnResetStep[],
  users: readonly User[],
  now: number,
): Promise<number> {
  let ended = 0;
  for (const step of steps) {
    const count = await runOne(trx, mapping, step, users, now);
    if ('delete' in step && step.sessions) ended += count;
  }
  return ended;
}

/** A step that writes. */
type SetStep = Extract<OnResetStep, { readonly set: unknown }>;

async function runOne(
  trx: Db,
  mapping: UsersMapping,
  step: OnResetStep,
  users: readonly User[],
  now: number,
): Promise<number> {
  const chosen = isAlike(step) ? await chooseRows(trx, mapping, step, users) : undefined;
  let count = 0;
  if (!chosen) {
    for (const user of users) count += await runStep(trx, mapping, step, user, now);
    return count;
  }
  const table = 'delete' in step ? step.delete : (step.table ?? mapping.table);
  const values = 'delete' in step ? undefined : await valuesForMany(trx, mapping, step, now);
  for (let from = 0; from < chosen.keys.length; from += KEYS) {
    const query = trx(qualify(mapping, table));
    whereFixed(trx, mapping, query, chosen.fixed);
    query.where(among(trx, chosen.column, chosen.keys.slice(from, from + KEYS)));
    count += values === undefined ? await query.delete() : await query.update(values);
  }
  return count;
}

/** Can one statement write it for everybody? What is drawn is drawn by the database, for each row. */
const isAlike = (step: OnResetStep): boolean =>
  'delete' in step ||
  Object.values(step.set).every(
    (value) =>
      typeof value !== 'object' || value === null || 'now' in value || 'increment' in value || isDrawn(value),
  );

async function valuesForMany(
  trx: Db,
  mapping: UsersMapping,
  { table, set }: SetStep,
  now: number,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(set)) {
    if (!isDrawn(value)) values[column] = makeValue(trx, column, value, now);
    else if (await isBinary(trx, mapping, table, column))
      values[column] = trx.raw("convert_to(?, 'UTF8')", [drawnSql(trx, value)]);
    else values[column] = drawnSql(trx, value);
  }
  return values;
}

/** PostgreSQL puts a text that is sent into a column of bytes, but no text that it has made (MediaWiki has such columns). */
async function isBinary(
  trx: Db,
  mapping: UsersMapping,
  table: string | undefined,
  column: string,
): Promise<boolean> {
  if (dialectOf(trx) !== 'postgres') return false;
  const known = table === undefined ? mapping.facts[`user.${column}`] : undefined;
  if (known) return known.kind === 'binary';
  const name = qualify(mapping, table ?? mapping.table).split('.').map((part) => `"${part}"`).join('.'); // prettier-ignore
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    'select 1 from pg_attribute where attrelid = cast(? as regclass) and attname = ? and atttypid = cast(? as regtype)',
    [name, column, 'bytea'],
  );
  return rows.length > 0;
}

interface Chosen {
  readonly column: string;
  readonly keys: readonly Scalar[];
  /** the conditions that are the same for everybody */
  readonly fixed: Fixed;
}

/** The one column by which a step names the user, with everybody's values; undefined where there is no such column. */
async function chooseRows(
  trx: Db,
  mapping: UsersMapping,
  step: OnResetStep,
  users: readonly User[],
): Promise<Chosen | undefined> {
  const named = nameUsers(step);
  if (!named) return undefined;
  const fixed = fixedIn(step.where, named.column);
  if (!fixed) return undefined;
  const column = named.column ?? mapping.id;
  const keys = await keysFor(trx, mapping, named.value, users);
  return keys && { column, keys, fixed };
}

/** The one column by which a step names the user; without a name the id of the user's own row. */
export function nameUsers(step: OnResetStep): { column: string | undefined; value: StepValue } | undefined {
  const [first, ...others] = Object.entries(step.where ?? {}).filter(([column, value]) =>
    namesUser({ [column]: value }),
  );
  const isOwn = 'set' in step && step.table === undefined;
  if (isOwn) return first === undefined ? { column: undefined, value: '{id}' } : undefined;
  return first && others.length === 0 ? { column: first[0], value: first[1] } : undefined;
}

export const isScalar = (value: StepValue): value is Scalar => typeof value !== 'object' || value === null;

async function keysFor(
  trx: Db,
  mapping: UsersMapping,
  value: StepValue,
  users: readonly User[],
): Promise<Scalar[] | undefined> {
  if (isLookup(value)) {
    const rows = await chooseRows(trx, mapping, { delete: value.in, where: value.where }, users);
    return rows && ((await lookUp(trx, mapping, value, rows)) as Scalar[]);
  }
  const keys = users.map((user) => keyFor(user, value));
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function lookUp(
  trx: Db,
  mapping: UsersMapping,
  { in: table, column }: { readonly in: string; readonly column: string },
  rows: Chosen,
): Promise<unknown[]> {
  const query = trx(qualify(mapping, table)).where(among(trx, rows.column, rows.keys));
  whereFixed(trx, mapping, query, rows.fixed);
  return query.distinct().pluck(column);
}

/** A value of a step for one user; undefined where it does not stand for the user alone. */
export function keyFor(user: User, value: StepValue): Scalar | undefined {
  if (value === '{id}') return user.id;
  if (value === '{email}') return user.email;
  return value === '{username}' ? (user.username ?? undefined) : undefined;
}
