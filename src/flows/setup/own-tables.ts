import { OWN_TABLES } from '../checks/check-rights.ts';

/** The tables that hold what reset knows; which migrations ran is for each database to say. */
export const DATA_TABLES: readonly string[] = OWN_TABLES.map(({ table }) => table).filter(
  (table) => table !== 'reset_migrations',
);

/** Knex's, which say which migrations ran. */
export const MIGRATION_TABLES = ['reset_migrations', 'reset_migrations_lock'] as const;
