import type { Db } from '../../db/connect.ts';
import type { Scalar } from '../../types.ts';
import { exactValue } from './column-of.ts';
import { qualify, toScalar, type UsersMapping } from '../mapping/users-mapping.ts';

/** id → further columns of the users table, for a flow that needs more of it than a reset does. */
export async function readColumns(
  db: Db,
  mapping: UsersMapping,
  ids: readonly string[],
  columns: readonly string[],
): Promise<Map<string, Record<string, Scalar>>> {
  if (ids.length === 0 || columns.length === 0) return new Map();
  const aliases = columns.map((column, index) => [column, `c${index}`] as const);
  const rows = (await db(qualify(mapping, mapping.table))
    .select([
      db.raw('? as ??', [exactValue(db, mapping, 'user', mapping.id), 'id']),
      ...aliases.map(([column, alias]) =>
        db.raw('? as ??', [exactValue(db, mapping, 'user', column), alias]),
      ),
    ])
    .whereIn(mapping.id, [...ids])) as Record<string, unknown>[];
  return new Map(
    rows.map((row) => [
      String(row['id']),
      Object.fromEntries(aliases.map(([column, alias]) => [column, toScalar(row[alias])])),
    ]),
  );
}

/** id → texts in a table beside the users table, such as every address of a user. */
export async function readBeside(
  db: Db,
  mapping: UsersMapping,
  ids: readonly string[],
  { table, user, column }: { readonly table: string; readonly user: string; readonly column: string },
): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const rows: { user: unknown; text: unknown }[] = await db(qualify(mapping, table))
    .whereIn(user, [...ids])
    .select({ user, text: column });
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const id = String(row.user);
    found.set(id, [...(found.get(id) ?? []), String(row.text)]);
  }
  return found;
}
