import type { Knex } from 'knex';
import { dialectOf, type Db } from '../../db/connect.ts';
import type { SqlColumn } from '../columns/condition-sql.ts';
import type { Source, UsersMapping } from '../mapping/users-mapping.ts';

/** What the joined tables are called in a query. */
export const ALIAS: Readonly<Record<Source, string>> = { user: 'u', email: 'e', password: 'p' };

/** A column as a query on the joined tables names it. */
export const columnOf = (source: Source, column: string): string => `${ALIAS[source]}.${column}`;

/** The same with what the schema says about it. */
export const columnFact = (mapping: UsersMapping, source: Source, column: string): SqlColumn => ({
  name: columnOf(source, column),
  kind: mapping.facts[`${source}.${column}`]?.kind,
});

/**
 * A column's value as it is, for a SELECT: whole where the driver would round it (integers of SQLite beyond 2^53), and
 * without the blanks of CHAR(n) in PostgreSQL. `name` as the query calls the column.
 */
export function exactValue(
  db: Db,
  mapping: UsersMapping,
  source: Source,
  column: string,
  name = column,
): Knex.Raw {
  const facts = mapping.facts[`${source}.${column}`];
  const isRounded = dialectOf(db) === 'sqlite' && facts?.kind === 'integer';
  return isRounded || facts?.isPadded ? db.raw('cast(?? as text)', [name]) : db.raw('??', [name]);
}
