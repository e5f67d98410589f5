import type { Knex } from 'knex';
import { dialectOf, type Db } from '../../db/connect.ts';
import { sourceOf, type Source, type UsersMapping } from '../mapping/users-mapping.ts';
import { columnOf } from './column-of.ts';
import { nameColumns } from './name-columns.ts';

/** A column that a person's words are looked for in. */
export interface SearchColumn {
  readonly source: Source;
  readonly column: string;
  readonly isBinary: boolean;
}

/** Address, user name, names, and ids that are text: a number is looked up as it is. */
export function searchColumns(mapping: UsersMapping): SearchColumn[] {
  const { id, username, email } = mapping;
  const idKind = mapping.facts[`user.${id}`]?.kind;
  const wanted: (readonly [Source, string | undefined])[] = [
    [sourceOf(mapping, 'email'), email],
    ['user', username],
    ...nameColumns(mapping).map(({ source, column }) => [source, column] as const),
    ['user', idKind === 'text' || idKind === 'uuid' ? id : undefined],
  ];
  const columns = new Map<string, SearchColumn>();
  for (const [source, column] of wanted) {
    if (column === undefined) continue;
    const isBinary = mapping.facts[`${source}.${column}`]?.kind === 'binary';
    columns.set(`${source}.${column}`, { source, column, isBinary });
  }
  return [...columns.values()];
}

/** Holds the words anywhere in one of the columns; all of them must be found. */
export function containsAll(db: Db, columns: readonly SearchColumn[], words: readonly string[]): Knex.Raw {
  const each = words.map((word) =>
    anyOf(
      db,
      columns.map((column) => likeSql(db, column, { holds: word })),
    ),
  );
  return db.raw(each.map(() => '?').join(' and '), each);
}

export const anyOf = (db: Db, conditions: readonly Knex.Raw[]): Knex.Raw =>
  conditions.length === 0
    ? db.raw('1 = 0')
    : db.raw(`(${conditions.map(() => '?').join(' or ')})`, [...conditions]);

/** What a text must look like: all of it that is named. */
export interface Shape {
  readonly begins?: string;
  readonly holds?: string;
  readonly ends?: string;
  readonly is?: string;
}

/** The column has this shape, whatever the case of its letters. Wildcards in the texts are letters like others. */
export function likeSql(db: Db, column: SearchColumn, shape: Shape): Knex.Raw {
  const spellings = caseSpellings(db, shape);
  const likes = spellings.map(() => `${folded(db, column)} like ? escape '!'`);
  const name = columnOf(column.source, column.column);
  return db.raw(
    `(${likes.join(' or ')})`,
    spellings.flatMap((each) => [name, patternOf(each)]),
  );
}

function patternOf({ begins = '', holds, ends, is }: Shape): string {
  if (is !== undefined) return escapeLike(is);
  const middle = holds === undefined ? '%' : `%${escapeLike(holds)}%`;
  return `${escapeLike(begins)}${middle}${escapeLike(ends ?? '')}`;
}

const escapeLike = (text: string): string => text.replace(/[!%_]/g, '!$&');

/** Letters beyond ASCII are not folded by SQLite, nor by PostgreSQL where its locale is C: they are tried as people write them. */
function caseSpellings(db: Db, shape: Shape): Shape[] {
  const map = (change: (text: string) => string): Shape =>
    Object.fromEntries(Object.entries<string>({ ...shape }).map(([key, text]) => [key, change(text)]));
  const lower = map((text) => text.toLowerCase());
  const isPlain = Object.values<string>({ ...shape }).every((text) => /^[\0-\x7f]*$/.test(text));
  if (isPlain || dialectOf(db) === 'mysql') return [lower];
  // What lower() leaves as it is: the others' case, with the ASCII letters lower.
  const upper = map((text) => asciiLower(text.toUpperCase()));
  const title = map((text) => asciiLower(text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()));
  return [lower, upper, title];
}

const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function folded(db: Db, { isBinary }: SearchColumn): string {
  switch (dialectOf(db)) {
    case 'sqlite':
      return 'lower(cast(?? as text))';
    case 'postgres':
      return isBinary ? `lower(convert_from(??, 'UTF8'))` : 'lower(cast(?? as text))';
    case 'mysql':
      return 'lower(convert(?? using utf8mb4))';
  }
}

/**
 * Lies between two values that all texts with this beginning lie between: what an ordered index answers at once. It may
 * hold for others, too. undefined where the beginning gives no bounds.
 */
export function rangeSql(
  db: Db,
  { source, column }: SearchColumn,
  { begins, isLower }: { readonly begins: string; readonly isLower: boolean },
): Knex.Raw | undefined {
  const name = columnOf(source, column);
  const key = isLower ? 'lower(??)' : '??';
  const spellings = isLower ? [begins.toLowerCase()] : asTyped(begins);
  const ranges = spellings.flatMap((spelling) => {
    const bounds = boundsOf(spelling);
    return bounds ? [db.raw(`(${key} >= ? and ${key} < ?)`, [name, bounds.from, name, bounds.to])] : [];
  });
  // `doctor` proposes an index that leaves out the blanks.
  return ranges.length === 0 ? undefined : db.raw("(? and ?? <> '')", [anyOf(db, ranges), name]);
}

const asTyped = (text: string): string[] => [
  ...new Set([
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    text.charAt(0).toUpperCase() + text.slice(1).toLowerCase(),
  ]),
];

/** Collations disagree about signs, and about what comes after z: the bounds end with the last letter that is sure. */
function boundsOf(text: string): { from: string; to: string } | undefined {
  const from = /^[a-z0-9]+/i.exec(text)?.[0] ?? '';
  const base = from.replace(/[zZ9]+$/, '');
  if (base === '') return undefined;
  return { from, to: base.slice(0, -1) + String.fromCharCode(base.charCodeAt(base.length - 1) + 1) };
}
