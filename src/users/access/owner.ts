import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import type { ColumnKind } from '../../db/introspect.ts';
import { conditionSql } from '../columns/condition-sql.ts';
import { isLookup } from '../columns/step.ts';
import { qualify, type UsersMapping } from '../mapping/users-mapping.ts';
import type { StepValue, StepWhere } from '../columns/rules.ts';
import { nameUsers } from '../writing/end-many.ts';
import { fixedIn, whereFixed, type Fixed } from '../writing/fixed-rows.ts';
import type { Countable } from './count-access.ts';

/** The column that names the user, what its value is for a user, and the rows that hold it, for everybody. */
export interface Owner {
  readonly column: string;
  readonly kind: ColumnKind | undefined;
  readonly value: StepValue;
  readonly rows: () => Knex.QueryBuilder;
}

/** Undefined where no one column of an entry's rows names the user. */
export function ownerOf(db: Db, mapping: UsersMapping, entry: Countable): Owner | undefined {
  const { table, where = {}, kinds } = entry;
  const meeting = (query: Knex.QueryBuilder): Knex.QueryBuilder => {
    for (const [name, condition] of Object.entries(entry.when))
      query.whereRaw(conditionSql(db, { name, kind: kinds[name] }, condition));
    return query;
  };
  if (table === undefined) {
    const own = { column: mapping.id, kind: mapping.facts[`user.${mapping.id}`]?.kind, value: '{id}' };
    return { ...own, rows: () => meeting(db(qualify(mapping, mapping.table))) };
  }
  const named = nameIn(table, where);
  if (!named) return undefined;
  const rows = () => meeting(rowsOf(db, mapping, table, named.fixed));
  const { column, value } = named;
  if (!isLookup(value)) return { column, kind: kinds[column], value, rows };
  const outer = nameIn(value.in, value.where);
  if (!outer || isLookup(outer.value)) return undefined;
  const between = () => rowsOf(db, mapping, value.in, outer.fixed);
  return {
    column: outer.column,
    kind: undefined,
    value: outer.value,
    rows: () => between().whereIn(value.column, rows().select(column)),
  };
}

function rowsOf(db: Db, mapping: UsersMapping, table: string, fixed: Fixed): Knex.QueryBuilder {
  const query = db(qualify(mapping, table));
  whereFixed(db, mapping, query, fixed);
  return query;
}

interface Named {
  readonly column: string;
  readonly value: StepValue;
  readonly fixed: Fixed;
}

function nameIn(table: string, where: StepWhere): Named | undefined {
  const named = nameUsers({ delete: table, where });
  const fixed = named && fixedIn(where, named.column);
  if (named?.column === undefined || !fixed) return undefined;
  return { column: named.column, value: named.value, fixed };
}
