import type { Knex } from 'knex';
import { dialectOf, type Db } from '../../db/connect.ts';
import type { ColumnKind } from '../../db/introspect.ts';
import type { Scalar } from '../../types.ts';
import type { Condition } from '../preset/preset.ts';

/** A column of the joined tables, and what the schema says about it. */
export interface SqlColumn {
  readonly name: string;
  readonly kind: ColumnKind | undefined;
}

const TRUE = ['true', 't', '1', 'T', 'Y', 'y'];

/**
 * The condition as SQL that is true or false, never NULL: for statements over all users. The one evaluator of
 * conditions: a list, a link and the page all ask the database this.
 */
export function conditionSql(db: Db, column: SqlColumn, condition: Condition): Knex.Raw {
  if (typeof condition !== 'object' || condition === null) return sameSql(db, column, condition);
  if ('oneOf' in condition) return anyOf(db, column, condition.oneOf);
  if ('noneOf' in condition) return not(db, anyOf(db, column, condition.noneOf));
  if ('not' in condition) return not(db, sameSql(db, column, condition.not));
  if ('startsWith' in condition) {
    const { startsWith } = condition;
    // Not LIKE: its wildcards and its case differ.
    return sure(db, 'substr(?, 1, ?) = ?', [textOf(db, column), startsWith.length, exact(db, startsWith)]);
  }
  if ('empty' in condition) {
    const isEmpty = sure(db, '(?? is null or ? = ?)', [column.name, textOf(db, column), exact(db, '')]);
    return condition.empty ? isEmpty : not(db, isEmpty);
  }
  return db.raw('(?? is null or ?? <= current_timestamp)', [column.name, column.name]);
}

/** `column = value` to the byte, with yes and no as databases write them. */
export function sameSql(db: Db, column: SqlColumn, wanted: Scalar): Knex.Raw {
  if (wanted === null) return db.raw('?? is null', [column.name]);
  if (typeof wanted === 'boolean') {
    return wanted
      ? isTrue(db, column)
      : db.raw('(?? is not null and not ?)', [column.name, isTrue(db, column)]);
  }
  if (typeof wanted === 'number' && column.kind === 'boolean') {
    return wanted === 1 ? isTrue(db, column) : sameSql(db, column, wanted === 0 ? false : String(wanted));
  }
  if (typeof wanted === 'number') return sameNumber(db, column, wanted);
  return sure(db, '? = ?', [textOf(db, column), exact(db, wanted)]);
}

/** A number however it is written: 1, 1.0 or '1'. */
function sameNumber(db: Db, column: SqlColumn, wanted: number): Knex.Raw {
  const asText = sure(db, '? = ?', [textOf(db, column), exact(db, String(wanted))]);
  if (column.kind !== 'integer' && column.kind !== 'number') return asText;
  return db.raw('(? or ?)', [asText, sure(db, '?? = ?', [column.name, db.raw(String(wanted))])]);
}

function isTrue(db: Db, column: SqlColumn): Knex.Raw {
  // BIT(1) is a byte, not text
  if (dialectOf(db) === 'mysql' && column.kind === 'boolean') return sure(db, '?? + 0 = 1', [column.name]);
  const values = TRUE.map((text) => exact(db, text));
  return sure(db, `? in (${values.map(() => '?').join(', ')})`, [textOf(db, column), ...values]);
}

function anyOf(db: Db, column: SqlColumn, values: readonly Scalar[]): Knex.Raw {
  if (values.length === 0) return db.raw('1 = 0');
  const each = values.map((value) => sameSql(db, column, value));
  return db.raw(`(${each.map(() => '?').join(' or ')})`, each);
}

const not = (db: Db, condition: Knex.Raw): Knex.Raw => db.raw('not ?', [condition]);

/** NULL compares to nothing: then the answer is no. */
const sure = (db: Db, sql: string, bindings: readonly Knex.RawBinding[]): Knex.Raw =>
  db.raw(`coalesce(${sql}, ${dialectOf(db) === 'postgres' ? 'false' : '0'})`, bindings);

/** A column's value as text. */
export function readableText(db: Db, { name, kind }: SqlColumn): Knex.Raw {
  switch (dialectOf(db)) {
    case 'sqlite':
      return db.raw('cast(?? as text)', [name]);
    case 'postgres':
      return db.raw(kind === 'binary' ? `convert_from(??, 'UTF8')` : 'cast(?? as text)', [name]);
    case 'mysql':
      return db.raw('convert(?? using utf8mb4)', [name]);
  }
}

/** The same, to be compared byte by byte. */
function textOf(db: Db, column: SqlColumn): Knex.Raw {
  const text = readableText(db, column);
  return dialectOf(db) === 'mysql' ? db.raw('cast(? as binary)', [text]) : text;
}

function exact(db: Db, text: string): Knex.Raw {
  switch (dialectOf(db)) {
    case 'sqlite':
      return db.raw('?', [text]);
    case 'postgres':
      return db.raw('cast(? as text)', [text]);
    case 'mysql':
      return db.raw('cast(? as binary)', [text]);
  }
}
