import type { App } from '../../app.ts';
import { describeDatabase } from '../../db/connect.ts';
import { migrateUp, migrationStatus, type MigrationStatus } from '../../db/migrate.ts';
import { createUsersTable } from '../../users/writing/create-users-table.ts';

export interface MigrateResult {
  readonly applied: readonly string[];
  /** of the `default` preset: created now, there before, or another preset's business */
  readonly usersTable: 'created' | 'present' | 'foreign';
  /** where the tables are, in words */
  readonly place: string;
}

/** Creates or updates our tables, and the users table of the `default` preset where there is none. */
export async function migrateDatabase(app: App): Promise<MigrateResult> {
  const { applied } = await migrateUp(app.ledger);
  const { database, users } = app.config;
  const place = database === undefined ? 'the database' : describeDatabase(database.reveal());
  if (users.preset !== 'default' || !isOwnTable(users.overrides))
    return { applied, usersTable: 'foreign', place };
  const isNew = await createUsersTable(app.usersDb);
  return { applied, usersTable: isNew ? 'created' : 'present', place };
}

/** Another table, or a table in a schema that is named, is the application's to create. */
const isOwnTable = ({ table, schema }: Readonly<Record<string, unknown>>): boolean =>
  (table === undefined || table === 'users') && schema === undefined;

export const readMigrationStatus = (app: App): Promise<MigrationStatus> => migrationStatus(app.ledger);
