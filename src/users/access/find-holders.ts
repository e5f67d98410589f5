import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import type { Scalar, User } from '../../types.ts';
import { conditionSql } from '../columns/condition-sql.ts';
import { isLookup } from '../columns/step.ts';
import { qualify, type UsersMapping } from '../mapping/users-mapping.ts';
import type { Condition, StepValue, StepWhere } from '../columns/rules.ts';
import { isScalar, keyFor, KEYS, nameUsers } from '../writing/end-many.ts';
import { countAccess, type Countable } from './count-access.ts';

/** Which of these users have something of an entry: their ids. Few statements where one column of its rows names the user. */
export async function findHolders(
  db: Db,
  mapping: UsersMapping,
  entry: Countable,
  users: readonly User[],
): Promise<Set<string>> {
  const owner = ownerOf(db, mapping, entry);
  return (owner && (await findByOwner(owner, users))) ?? findOneByOne(db, mapping, entry, users);
}

/** The column that names the user, what its value is for a user, and the rows that hold it, for everybody. */
interface Owner {
  readonly column: string;
  readonly value: StepValue;
  readonly rows: () => Knex.QueryBuilder;
}

function ownerOf(db: Db, mapping: UsersMapping, entry: Countable): Owner | undefined {
  const { table, where = {} } = entry;
  const meeting = (query: Knex.QueryBuilder): Knex.QueryBuilder => {
    for (const [name, condition] of Object.entries(entry.when))
      query.whereRaw(conditionSql(db, { name, kind: entry.kinds[name] }, condition));
    return query;
  };
  if (table === undefined)
    return { column: mapping.id, value: '{id}', rows: () => meeting(db(qualify(mapping, mapping.table))) };
  const named = nameIn(table, where);
  if (!named) return undefined;
  const rows = (): Knex.QueryBuilder => meeting(db(qualify(mapping, table)).where(named.fixed));
  if (!isLookup(named.value)) return { ...named, value: named.value, rows };
  const { in: between, column, where: link } = named.value;
  const outer = nameIn(between, link);
  if (!outer || isLookup(outer.value)) return undefined;
  return {
    ...outer,
    rows: () => db(qualify(mapping, between)).where(outer.fixed).whereIn(column, rows().select(named.column)),
  };
}

interface Named {
  readonly column: string;
  readonly value: StepValue;
  readonly fixed: Readonly<Record<string, Scalar>>;
}

function nameIn(table: string, where: StepWhere): Named | undefined {
  const named = nameUsers({ delete: table, where });
  if (named?.column === undefined) return undefined;
  const fixed = Object.entries(where).filter(([column]) => column !== named.column);
  if (!fixed.every((each): each is [string, Scalar] => isScalar(each[1]))) return undefined;
  return { column: named.column, value: named.value, fixed: Object.fromEntries(fixed) };
}

/** Undefined where keys come back in another way than they were asked for, such as a UUID in bytes. */
async function findByOwner(
  { column, value, rows }: Owner,
  users: readonly User[],
): Promise<Set<string> | undefined> {
  const byKey = new Map<string, string[]>();
  for (const user of users) {
    const key = keyFor(user, value);
    if (key === undefined) return undefined;
    byKey.set(String(key), [...(byKey.get(String(key)) ?? []), user.id]);
  }
  const keys = [...byKey.keys()];
  const found = new Set<string>();
  for (let from = 0; from < keys.length; from += KEYS) {
    const some = rows().whereIn(column, keys.slice(from, from + KEYS));
    for (const key of (await some.distinct().pluck(column)) as unknown[]) {
      const ids = byKey.get(String(key));
      if (!ids) return undefined;
      for (const id of ids) found.add(id);
    }
  }
  return found;
}

async function findOneByOne(
  db: Db,
  mapping: UsersMapping,
  entry: Countable,
  users: readonly User[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const user of users) if ((await countAccess(db, mapping, entry, user)).count > 0) found.add(user.id);
  return found;
}

/** For whom of these users any of these conditions on their own row holds: their ids. */
export async function whoHolds(
  db: Db,
  mapping: UsersMapping,
  users: readonly User[],
  conditions: Readonly<Record<string, Condition>>,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [column, condition] of Object.entries(conditions)) {
    const kind = mapping.facts[`user.${column}`]?.kind;
    const own = { when: { [column]: condition }, kinds: kind === undefined ? {} : { [column]: kind } };
    for (const id of await findHolders(db, mapping, own, users)) found.add(id);
  }
  return found;
}
