import type { App } from '../../app.ts';
import { describeTable, listTables } from '../../db/introspect.ts';

/** The tables of the database that are not ours, for an operator who says by hand where the users are. */
export async function listForeignTables(app: App): Promise<string[]> {
  return (await listTables(app.db)).filter((name) => !name.startsWith('reset_'));
}

/** The columns of a table, by name. */
export async function listColumns(app: App, table: string): Promise<string[]> {
  return ((await describeTable(app.db, table))?.columns ?? []).map(({ name }) => name);
}
