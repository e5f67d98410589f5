import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import { conditionSql } from '../columns/condition-sql.ts';
import type { Conditions, Refusal } from '../preset/preset.ts';
import { sourceOf, type UsersMapping } from '../mapping/users-mapping.ts';
import { columnFact, columnOf } from './column-of.ts';

/** May the user sign in, as `users.active` says? The one place that decides it: for a list, for a link, for a page. */
export const activeSql = (db: Db, mapping: UsersMapping): Knex.Raw => allOf(db, mapping, mapping.activeWhen);

/** Why a user may not be reset, one condition each, in the order in which they are reported. */
export function refusalsSql(db: Db, mapping: UsersMapping): { because: string; sql: Knex.Raw }[] {
  const home = mapping.passwordIn;
  const absent =
    home && !home.create
      ? [{ because: home.absent, sql: db.raw('?? is null', [columnOf('password', home.foreign)]) }]
      : [];
  return [
    ...absent,
    ...mapping.refuseWhen.map((rule) => ({ because: rule.because, sql: refusalSql(db, mapping, rule) })),
  ];
}

function refusalSql(db: Db, mapping: UsersMapping, { when = {}, encoded }: Refusal): Knex.Raw {
  const columns = allOf(db, mapping, when);
  const hash = mapping.password['hash'];
  if (encoded === undefined || hash === undefined) return columns;
  const source = sourceOf(mapping, 'password');
  return db.raw('(? and ?)', [columns, conditionSql(db, columnFact(mapping, source, hash), encoded)]);
}

function allOf(db: Db, mapping: UsersMapping, conditions: Conditions): Knex.Raw {
  const each = Object.entries(conditions).map(([column, condition]) =>
    conditionSql(db, columnFact(mapping, 'user', column), condition),
  );
  return each.length === 0 ? db.raw('(1 = 1)') : db.raw(`(${each.map(() => '?').join(' and ')})`, each);
}
