import type { App } from '../../app.ts';
import { describeTable, listTables } from '../../db/introspect.ts';
import { guessState, type UnusedState } from '../../users/mapping/unused-state.ts';

export type { UnusedState } from '../../users/mapping/unused-state.ts';

/** The tables of the database that are not ours, for an operator who says by hand where the users are. */
export async function listForeignTables(app: App): Promise<string[]> {
  return (await listTables(app.usersDb)).filter((name) => !name.startsWith('reset_'));
}

/** The columns of a table that look as if they said who may sign in. */
export async function listStateColumns(app: App, table: string): Promise<UnusedState[]> {
  const columns = (await describeTable(app.usersDb, table))?.columns ?? [];
  return columns.flatMap(({ name, kind }) => guessState(name, kind) ?? []);
}
