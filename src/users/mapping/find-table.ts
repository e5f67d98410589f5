import type { Db } from '../../db/connect.ts';
import { describeTable, listTables, type ColumnInfo, type TableInfo } from '../../db/introspect.ts';

/** The table as this database writes its name; undefined where there is none, or several that differ in case. */
export async function findTable(
  db: Db,
  schema: string | undefined,
  name: string,
): Promise<TableInfo | undefined> {
  const exact = await describeTable(db, name, schema);
  if (exact) return exact;
  const alike = (await listTables(db, schema)).filter((each) => each.toLowerCase() === name.toLowerCase());
  const [only] = alike;
  return only !== undefined && alike.length === 1 ? describeTable(db, only, schema) : undefined;
}

/** The same for a column. */
export function findColumn(table: TableInfo, name: string): ColumnInfo | undefined {
  const exact = table.columns.find((column) => column.name === name);
  if (exact) return exact;
  const alike = table.columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
}
