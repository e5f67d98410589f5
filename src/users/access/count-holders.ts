import type { Knex } from 'knex';
import { dialectOf, type Db } from '../../db/connect.ts';
import { readableText } from '../columns/condition-sql.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import type { Countable } from './count-access.ts';
import { ownerOf, type Owner } from './owner.ts';

/**
 * How many of the users whose ids a query gives, as text, have something of an entry: one statement for any number.
 * Undefined where its rows name the user by something else, or in bytes.
 */
export async function countHolders(
  db: Db,
  mapping: UsersMapping,
  entry: Countable,
  ids: Knex.QueryBuilder,
): Promise<number | undefined> {
  const owner = ownerOf(db, mapping, entry);
  if (owner?.value !== '{id}' || owner.kind === 'binary') return undefined;
  const row = (await owner
    .rows()
    .whereRaw('? in ?', [nameOfOwner(db, owner), comparable(db, ids)])
    .countDistinct({ count: owner.column })
    .first()) as { count: number | string };
  return Number(row.count);
}

/** MySQL compares text of two collations only where one is named. */
const EXACTLY = 'collate utf8mb4_bin';

function nameOfOwner(db: Db, { column, kind }: Owner): Knex.Raw {
  const text = readableText(db, { name: column, kind });
  return dialectOf(db) === 'mysql' ? db.raw(`? ${EXACTLY}`, [text]) : text;
}

function comparable(db: Db, ids: Knex.QueryBuilder): Knex.QueryBuilder {
  if (dialectOf(db) !== 'mysql') return ids;
  return db.select(db.raw(`id ${EXACTLY}`)).from(ids.as('chosen'));
}

/** Has anybody something of it? */
export async function isHeld(db: Db, mapping: UsersMapping, entry: Countable): Promise<boolean> {
  const owner = ownerOf(db, mapping, entry);
  return owner === undefined || (await owner.rows().first(db.raw('1 as held'))) !== undefined;
}
