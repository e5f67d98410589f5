import type { Knex } from 'knex';
import { dialectOf, type Db } from './connect.ts';

/** A query with prepared text: building it through Knex takes longer than the database's answer. */
export interface PreparedSelect {
  readonly sql: string;
  readonly bindings: readonly Knex.RawBinding[];
}

/** The text of a query that runs again and again with other bindings. Build it once and keep it. */
export function prepareSelect(query: Knex.QueryBuilder): PreparedSelect {
  const { sql, bindings } = query.toSQL();
  return { sql, bindings };
}

/** Its rows, as the builder would give them; `bindings` are all of them. Throws what the driver throws. */
export async function runSelect(
  db: Db,
  { sql }: PreparedSelect,
  bindings: readonly Knex.RawBinding[],
): Promise<unknown[]> {
  switch (dialectOf(db)) {
    case 'sqlite':
      return (await db.raw(sql, bindings).options({ isKept: true })) as unknown[];
    case 'postgres':
      return (await db.raw<{ rows: unknown[] }>(sql, bindings)).rows;
    case 'mysql':
      return ((await db.raw(sql, bindings)) as [unknown[]])[0];
  }
}
