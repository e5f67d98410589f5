import type { App } from '../../app.ts';
import { describeDatabase } from '../../db/connect.ts';
import { migrateUp, migrationStatus, type MigrationStatus } from '../../db/migrate.ts';
import { createUsersTable } from '../../users/writing/create-users-table.ts';

export interface MigrateResult {
  readonly applied: readonly string[];
  /** of the `default` preset: created now, there before, or another preset's business */
  readonly usersTable: 'created' | 'present' | 'foreign';
  /** where our own tables are, in words */
  readonly place: string;
  /** where the users are; the same place unless our tables are apart */
  readonly usersPlace: string;
}

/** Creates or updates our tables, and the users table of the `default` preset where there is none. */
export async function migrateDatabase(app: App): Promise<MigrateResult> {
  const { applied } = await migrateUp(app.ledger);
  const places = describePlaces(app);
  const { users } = app.config;
  if (users.preset !== 'default' || !isOwnTable(users.overrides))
    return { applied, usersTable: 'foreign', ...places };
  const isNew = await createUsersTable(app.usersDb);
  return { applied, usersTable: isNew ? 'created' : 'present', ...places };
}

/** Where our own tables and the users are, as a sentence names it. */
export function describePlaces({
  config,
  isApart,
}: Pick<App, 'config' | 'isApart'>): Pick<MigrateResult, 'place' | 'usersPlace'> {
  const { database, ledger } = config;
  const usersPlace = database === undefined ? 'the database' : describeDatabase(database.reveal());
  return { usersPlace, place: isApart && ledger ? describeDatabase(ledger.reveal()) : usersPlace };
}

/** Another table, or a table in a schema that is named, is the application's to create. */
const isOwnTable = ({ table, schema }: Readonly<Record<string, unknown>>): boolean =>
  (table === undefined || table === 'users') && schema === undefined;

export const readMigrationStatus = (app: App): Promise<MigrationStatus> => migrationStatus(app.ledger);
