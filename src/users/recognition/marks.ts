import type { Preset } from '../preset/preset.ts';

/** Every table of a schema with the names of its columns. */
export type TableNames = ReadonlyMap<string, readonly string[]>;

/** Columns that any users table has. */
export const COMMON: ReadonlySet<string> = new Set([
  ...['id', 'email', 'password', 'password_hash', 'name', 'username', 'firstname', 'first_name', 'locale'],
  ...['active', 'status', 'created_at', 'updated_at', 'createdat', 'updatedat', 'deleted_at'],
]);

/** The first mark that is there whole, in words; empty if none is. */
export function findMark(
  preset: Preset,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  tables: TableNames,
): string[] {
  const own = lowerCase(columns);
  const all = lowerCase(tables.keys());
  const prefix = prefixOf(preset, table);
  const put = (name: string): string => name.replace('{p}', prefix).replace('{t}', table).toLowerCase();
  const found = (preset.marks ?? []).find(
    (mark) =>
      (mark.columns ?? []).every((name) => own.has(name.toLowerCase())) &&
      (mark.tables ?? []).every((name) => all.has(put(name))) &&
      !(mark.without ?? []).some((name) => own.has(name.toLowerCase())) &&
      (mark.isAll !== true || mark.columns?.length === columns.length),
  );
  return found ? [...(found.columns ?? []), ...(found.tables ?? []).map(put)] : [];
}

/** Columns of a mark that not every users table has. */
export function hasPartOfMark(preset: Preset, columns: readonly string[]): boolean {
  const own = lowerCase(columns);
  const wanted = (preset.marks ?? []).flatMap((mark) => mark.columns ?? []);
  return wanted.some((name) => own.has(name.toLowerCase()) && !COMMON.has(name.toLowerCase()));
}

/** What the site has put before the name of the table. */
function prefixOf({ table: pattern }: Preset, table: string): string {
  const bare = pattern.replace('{p}', '');
  return pattern.startsWith('{p}') && table.toLowerCase().endsWith(bare.toLowerCase())
    ? table.slice(0, table.length - bare.length)
    : '';
}

const lowerCase = (names: Iterable<string>): ReadonlySet<string> =>
  new Set([...names].map((name) => name.toLowerCase()));

/** The columns that the preset names and this table has, the optional ones too: they distinguish applications. */
export function namedColumns(
  preset: Preset,
  columns: readonly string[],
  renamed: Readonly<Record<string, string>>,
): string[] {
  const { password, ...others } = preset.columns;
  const names = [
    ...Object.values({ ...others, ...renamed }),
    ...(typeof password === 'string' ? [password] : Object.values(password)),
    ...Object.keys(preset.activeWhen ?? {}),
    ...(preset.refuseWhen ?? []).flatMap(({ when }) => Object.keys(when ?? {})),
    ...(preset.optional ?? []),
    ...(preset.onReset ?? []).flatMap((step) =>
      'set' in step && step.table === undefined ? Object.keys(step.set) : [],
    ),
  ];
  const present = lowerCase(columns);
  return [...new Set(names)].filter((name) => present.has(name.toLowerCase()));
}
