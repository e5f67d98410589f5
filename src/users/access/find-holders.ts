import type { Db } from '../../db/connect.ts';
import type { User } from '../../types.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import type { Condition } from '../columns/rules.ts';
import { keyFor, KEYS } from '../writing/end-many.ts';
import { countAccess, type Countable } from './count-access.ts';
import { ownerOf, type Owner } from './owner.ts';

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

/** The ids of those of these users whose own row meets any of these conditions. */
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
