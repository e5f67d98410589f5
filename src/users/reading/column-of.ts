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
