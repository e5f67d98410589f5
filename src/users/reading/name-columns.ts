import type { Db } from '../../db/connect.ts';
import { qualify, toScalar, type Source, type UsersMapping } from '../mapping/users-mapping.ts';
import { columnOf, exactValue } from './column-of.ts';
import { joinTables } from './read-users.ts';

/** A column that holds a person's name, or a part of it. */
export interface NameColumn {
  readonly source: Source;
  readonly column: string;
  readonly part: 'first' | 'last' | 'full';
}

const PARTS: Readonly<Record<string, NameColumn['part']>> = {
  firstname: 'first',
  givenname: 'first',
  forename: 'first',
  lastname: 'last',
  surname: 'last',
  familyname: 'last',
  name: 'full',
  fullname: 'full',
  displayname: 'full',
  realname: 'full',
  completename: 'full',
};

/**
 * Where this database keeps names: the mapping's column, and others whose name says so. A mail greets by one of them;
 * a caller gives first and last name.
 */
export function nameColumns(mapping: UsersMapping): NameColumn[] {
  const { name, username } = mapping;
  const columns = Object.entries(mapping.facts).flatMap(([key, { kind }]): NameColumn[] => {
    const [source, column] = splitFact(key);
    const part = partOf(column) ?? (source === 'user' && column === name ? 'full' : undefined);
    const isName = part !== undefined && source !== 'password' && (kind === 'text' || kind === 'binary');
    return isName && !(source === 'user' && column === username) ? [{ source, column, part }] : [];
  });
  // The mapping's own column first: it is the one that the operator knows.
  const isOwn = ({ source, column }: NameColumn): boolean => source === 'user' && column === name;
  return [...columns.filter(isOwn), ...columns.filter((each) => !isOwn(each))];
}

function splitFact(key: string): [Source, string] {
  const at = key.indexOf('.');
  return [key.slice(0, at) as Source, key.slice(at + 1)];
}

const partOf = (column: string): NameColumn['part'] | undefined => {
  const letters = column.toLowerCase().replace(/[^a-z]/g, '');
  return PARTS[letters] ?? PARTS[letters.replace(/^user/, '')];
};

/** id → name as people say it: first and last name where they are apart. Ids without a name are absent. */
export async function readNames(
  db: Db,
  mapping: UsersMapping,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const columns = nameColumns(mapping);
  if (ids.length === 0 || columns.length === 0) return new Map();
  const query = db(`${qualify(mapping, mapping.table)} as u`).select([
    db.raw('? as ??', [exactValue(db, mapping, 'user', mapping.id, columnOf('user', mapping.id)), 'id']),
    ...columns.map(({ source, column }, index) =>
      db.raw('?? as ??', [columnOf(source, column), `n${index}`]),
    ),
  ]);
  joinTables(db, query, mapping);
  for (const [column, value] of Object.entries(mapping.siblings ?? {}))
    void query.where(columnOf('user', column), value);
  const rows = (await query.whereIn(columnOf('user', mapping.id), [...ids])) as Record<string, unknown>[];
  const named = rows.map((row) => {
    const values = columns.map((_, index) => String(toScalar(row[`n${index}`]) ?? '').trim());
    return [String(toScalar(row['id'])), composeName(columns, values)] as const;
  });
  return new Map(named.filter(([, name]) => name !== ''));
}

function composeName(columns: readonly NameColumn[], values: readonly string[]): string {
  const of = (part: NameColumn['part']): string =>
    values.find((value, index) => value !== '' && columns[index]?.part === part) ?? '';
  const composed = [of('first'), of('last')].filter((part) => part !== '').join(' ');
  const isFullFirst = columns[0]?.part === 'full';
  const [best, other] = isFullFirst ? [of('full'), composed] : [composed, of('full')];
  return best === '' ? other : best;
}
