import type { Knex } from 'knex';
import type { Scalar } from '../types.ts';
import { dialectOf } from './connect.ts';

/**
 * SQL that is true where `column` is one of these values. PostgreSQL takes them as one array: thousands of parameters
 * take Knex, the driver and the server longer than finding the rows. `type`: that of an element, where PostgreSQL is not
 * to take the column's.
 */
export function among(db: Knex, column: string, values: readonly Scalar[], type?: 'bigint'): Knex.Raw {
  if (dialectOf(db) === 'postgres') {
    const list = type === undefined ? '?' : `cast(? as ${type}[])`;
    return db.raw(`?? = any(${list})`, [column, arrayText(values)]);
  }
  if (values.length === 0) return db.raw('1 = 0');
  return db.raw(`?? in (${values.map(() => '?').join(', ')})`, [column, ...values]);
}

/**
 * An array as PostgreSQL reads it
 * (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-INPUT). Written here, because Knex and the driver look at
 * each element several times.
 */
export const arrayText = (values: readonly Scalar[]): string => `{${values.map(elementText).join(',')}}`;

function elementText(value: Scalar): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') return String(value);
  return `"${/[\\"]/.test(value) ? value.replaceAll(/[\\"]/g, '\\$&') : value}"`;
}
