import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import type { Scalar } from '../../types.ts';
import { isLookup, namesUser } from '../columns/step.ts';
import { qualify, type UsersMapping } from '../mapping/users-mapping.ts';
import type { Lookup, StepWhere } from '../columns/rules.ts';

/** What a `where` says beside naming the user: values, and rows of another table, which are the same for everybody. */
export type Fixed = Readonly<Record<string, Scalar | Lookup>>;

/** All of `where` but the column that names the user; undefined where more of it depends on the user. */
export function fixedIn(where: StepWhere = {}, named: string | undefined): Fixed | undefined {
  const fixed: Record<string, Scalar | Lookup> = {};
  for (const [column, value] of Object.entries(where)) {
    if (column === named) continue;
    if (namesUser({ [column]: value })) return undefined;
    if (typeof value === 'object' && value !== null && !isLookup(value)) return undefined;
    fixed[column] = value;
  }
  return fixed;
}

export function whereFixed(db: Db, mapping: UsersMapping, query: Knex.QueryBuilder, fixed: Fixed): void {
  for (const [column, value] of Object.entries(fixed)) {
    if (typeof value !== 'object' || value === null) query.where(column, value);
    else query.whereIn(column, db(qualify(mapping, value.in)).select(value.column).where(value.where));
  }
}
