import type { Knex } from 'knex';
import { nearest } from '../../values/nearest.ts';
import { dialectOf, type Db } from '../../db/connect.ts';
import { ResetError } from '../../errors.ts';
import { conditionSql, readableText, sameSql } from '../columns/condition-sql.ts';
import { instant } from '../columns/new-value.ts';
import { columnFact, columnOf, exactValue } from './column-of.ts';
import { readUuid } from './uuid.ts';
import { joinTables } from './read-users.ts';
import { activeSql, refusalsSql } from './state-sql.ts';
import { qualify, sourceOf, type UsersMapping } from '../mapping/users-mapping.ts';
import type { SelectedUser } from '../../types.ts';
import type { ColumnValue, UserSelection } from '../store/selection.ts';

/**
 * Users as a query that other statements can read from: `id`, `email` and `locale` (at most 35 characters, or null) as
 * text, and `is_active`, `is_refused`, `is_changed`, `is_excepted` as true or false. Nothing is run here.
 *
 * @throws usage_invalid for a column that the users table has not got (R72)
 */
export function selectUsers(db: Db, mapping: UsersMapping, selection: UserSelection): Knex.QueryBuilder {
  const query = db(`${qualify(mapping, mapping.table)} as u`).select({
    id: readableText(db, columnFact(mapping, 'user', mapping.id)),
    email: readableText(db, columnFact(mapping, sourceOf(mapping, 'email'), mapping.email)),
    locale: localeOf(db, mapping),
    is_active: activeSql(db, mapping),
    is_refused: isRefused(db, mapping),
    is_changed: isChanged(db, mapping, selection.changedSince),
    is_excepted: anyOf(
      db,
      (selection.except ?? []).map((each) => hasValue(db, mapping, each)),
    ),
  });
  joinTables(db, query, mapping);
  for (const [column, value] of Object.entries(mapping.siblings ?? {})) {
    void query.where(columnOf('user', column), value);
  }
  for (const each of selection.where ?? []) void query.where(hasValue(db, mapping, each));
  if (selection.ids) void query.whereIn(columnOf('user', mapping.id), [...selection.ids]);
  return query;
}

/** Read across the wire at a time. */
const PAGE = 5000;

/** The same users by id, in pages, for a database that no other statement can read from. */
export async function* pageSelection(
  db: Db,
  mapping: UsersMapping,
  selection: UserSelection,
): AsyncGenerator<readonly SelectedUser[]> {
  const key = columnOf('user', mapping.id);
  for (let after: unknown; ;) {
    const query = selectUsers(db, mapping, selection)
      .select(db.raw('? as ??', [exactValue(db, mapping, 'user', mapping.id, key), 'row_key']))
      .orderBy(key)
      .limit(PAGE);
    if (after !== undefined) void query.where(key, '>', after as never);
    const rows = (await query) as Record<string, unknown>[];
    const last = rows.at(-1);
    if (last) yield rows.map(toSelected);
    if (!last || rows.length < PAGE) return;
    after = last['row_key'];
  }
}

const toSelected = (row: Record<string, unknown>): SelectedUser => ({
  id: String(row['id']),
  email: textOf(row['email']),
  locale: textOf(row['locale']),
  isActive: isTrue(row['is_active']),
  isRefused: isTrue(row['is_refused']),
  isChanged: isTrue(row['is_changed']),
  isExcepted: isTrue(row['is_excepted']),
});

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const isTrue = (value: unknown): boolean => value === true || Number(value) === 1;

function hasValue(db: Db, mapping: UsersMapping, { column, value }: ColumnValue): Knex.Raw {
  const known = findColumn(mapping, column);
  const wanted = columnFact(mapping, 'user', known);
  if (value === '') return conditionSql(db, wanted, { empty: true });
  if (wanted.kind === 'uuid') return sameSql(db, wanted, readUuid(value) ?? value);
  if (wanted.kind !== 'boolean') return sameSql(db, wanted, value);
  if (!/^(true|false|t|f|yes|no|y|n|1|0)$/i.test(value)) {
    throw new ResetError(
      'usage_invalid',
      `The column ${known} is true or false. Write ${known}=true or ${known}=false.`,
    );
  }
  return sameSql(db, wanted, /^(true|t|yes|y|1)$/i.test(value));
}

function findColumn(mapping: UsersMapping, name: string): string {
  const columns = Object.keys(mapping.facts)
    .filter((fact) => fact.startsWith('user.'))
    .map((fact) => fact.slice('user.'.length));
  const found = columns.find((column) => column === name) ?? columns.find((column) => isAlike(column, name));
  if (found !== undefined) return found;
  const guess = nearest(name, columns);
  throw new ResetError(
    'usage_invalid',
    `The table ${mapping.table} has no column ${JSON.stringify(name)}${guess === undefined ? '' : `; did you mean ${guess}?`}`,
    { details: { column: name } },
  );
}

const isAlike = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const anyOf = (db: Db, conditions: readonly Knex.Raw[]): Knex.Raw =>
  conditions.length === 0
    ? db.raw('1 = 0')
    : db.raw(`(${conditions.map(() => '?').join(' or ')})`, conditions);

/** Users without a password of the application's own: single sign-on, LDAP. Nobody of them asked for one. */
function isRefused(db: Db, mapping: UsersMapping): Knex.Raw {
  const { passwordIn } = mapping;
  const absent = passwordIn?.create ? [db.raw('?? is null', [columnOf('password', passwordIn.foreign)])] : [];
  return anyOf(db, [...absent, ...refusalsSql(db, mapping).map(({ sql }) => sql)]);
}

/** Does the users table say when a password changed? A column that changes with any update would be wrong. */
export const knowsPasswordTime = ({ preset, changedAt }: UsersMapping): boolean =>
  preset.isChangedAtExact === true && changedAt !== undefined;

function isChanged(db: Db, mapping: UsersMapping, since: number | undefined): Knex.Raw {
  const column = knowsPasswordTime(mapping) ? mapping.changedAt : undefined;
  if (since === undefined || column === undefined) return db.raw('1 = 0');
  const isTime = mapping.facts[`user.${column}`]?.kind === 'time';
  const at = instant(since, mapping.preset.changedAtAs ?? (isTime ? 'text' : 'ms'));
  const name = columnOf('user', column);
  const no = dialectOf(db) === 'postgres' ? 'false' : '0';
  // SQLite keeps times as text, written with or without T, Z and fractions
  return dialectOf(db) === 'sqlite' && typeof at === 'string'
    ? db.raw(`coalesce(datetime(??) >= datetime(?), ${no})`, [name, at])
    : db.raw(`coalesce(?? >= ?, ${no})`, [name, at]);
}

function localeOf(db: Db, mapping: UsersMapping): Knex.Raw {
  const none = db.raw(`cast(null as ${dialectOf(db) === 'mysql' ? 'char(35)' : 'text'})`);
  if (mapping.locale === undefined) return none;
  return db.raw('substr(?, 1, 35)', [readableText(db, columnFact(mapping, 'user', mapping.locale))]);
}
