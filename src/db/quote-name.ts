import { dialectOf, type Db } from './connect.ts';

/** SQL keywords that applications use as names of tables and columns. */
const RESERVED =
  /^(?:user|group|order|key|table|column|index|check|default|references|limit|primary|unique|select|values)$/;
const PLAIN = /^[a-z_][a-z0-9_]*$/;

/** A table (with its schema) or column for a statement that a person runs: quoted where the database needs it. */
export function quoteName(db: Db, name: string): string {
  const mark = dialectOf(db) === 'mysql' ? '`' : '"';
  return name
    .split('.')
    .map((part) =>
      PLAIN.test(part) && !RESERVED.test(part) ? part : `${mark}${part.replaceAll(mark, mark + mark)}${mark}`,
    )
    .join('.');
}
