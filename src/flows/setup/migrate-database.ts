import type { App } from '../../app.ts';
import { migrateUp, migrationStatus, type MigrationStatus } from '../../db/migrate.ts';
import { createUsersTable } from '../../users/writing/create-users-table.ts';

export interface MigrateResult {
  readonly applied: readonly string[];
  /** of the `default` preset: made now, there before, or another preset's business */
  readonly usersTable: 'created' | 'present' | 'foreign';
}

/** Make or update our tables, and the users table of the `default` preset where there is none. */
export async function migrateDatabase(app: App): Promise<MigrateResult> {
  const { applied } = await migrateUp(app.db);
  const { preset, overrides } = app.config.users;
  if (preset !== 'default' || !isOwnTable(overrides)) return { applied, usersTable: 'foreign' };
  const isNew = await createUsersTable(app.db);
  return { applied, usersTable: isNew ? 'created' : 'present' };
}

/** Another table, or a table in a schema that is named, is the application's to create. */
const isOwnTable = ({ table, schema }: Readonly<Record<string, unknown>>): boolean =>
  (table === undefined || table === 'users') && schema === undefined;

export const readMigrationStatus = (app: App): Promise<MigrationStatus> => migrationStatus(app.db);
