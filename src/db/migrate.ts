import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { ResetError } from '../errors.ts';
import type { Db } from './connect.ts';
import { explainDatabaseError } from './errors.ts';
import {
  isConcurrent,
  isMissingTable,
  leftBehind,
  leftoverIn,
  lockStays,
  lockTable,
  newerSchema,
  table,
  underWay,
} from './migration-errors.ts';
import { inPackage } from '../values/package-folder.ts';
import { programName } from '../values/program-name.ts';

const folder = inPackage('migrations');

/** Stands among the migrations while tables are being moved here, so that no command uses them before they are complete. */
const MOVING = 'moving';

export interface MigrationStatus {
  readonly applied: string[];
  readonly pending: string[];
  /** run by a newer release than this one */
  readonly unknown: string[];
  /** tables are being moved here, and not all of them have arrived */
  readonly isMoving: boolean;
}

// Another migration that is under way needs a second or two; after ten its process has most likely died.
const lockPauseMs = 250;
const lockAttempts = 40;

/**
 * Brings our tables to this release's shape. If two processes start at once, one does the work and the other waits.
 *
 * @throws config_invalid when a newer release has migrated, or a table is there that no migration is known to have
 * created; database_unavailable when a lock stays
 */
export async function migrateUp(db: Db): Promise<{ applied: string[] }> {
  const { unknown, isMoving } = await migrationStatus(db);
  if (unknown.length > 0) throw newerSchema(unknown);
  if (isMoving) throw underWay();
  return run(db, migratorConfig);
}

/** The same where the tables are for those that are being moved here. */
export const migrateForMove = (db: Db): Promise<{ applied: string[] }> => run(db, lenient);

async function run(db: Db, config: Knex.MigratorConfig): Promise<{ applied: string[] }> {
  let inTheWay: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [, applied] = (await db.migrate.latest(config)) as [number, string[]];
      return { applied };
    } catch (error) {
      if (!isConcurrent(error)) throw explainDatabaseError(error) ?? error;
      const leftover = leftoverIn(error);
      // One failure may be another process that was a moment faster; the next attempt sees its migrations.
      if (leftover !== undefined && leftover === inTheWay) throw leftBehind(leftover, error);
      inTheWay = leftover;
      if (attempt === lockAttempts) throw lockStays(error);
      await keepOneLockRow(db);
    }
    await sleep(lockPauseMs);
  }
}

/**
 * Two processes that start at once in an empty database may both create Knex's lock row, and nobody can ever take a
 * lock of two rows.
 */
async function keepOneLockRow(db: Db): Promise<void> {
  try {
    const [, ...surplus] = await db(lockTable).orderBy('index').pluck<number[]>('index');
    if (surplus.length > 0) await db(lockTable).whereIn('index', surplus).delete();
  } catch (error) {
    if (!isMissingTable(error)) throw explainDatabaseError(error) ?? error; // made in a moment
  }
}

/** Which migrations the database has, lacks, and has although this release does not know them. */
export async function migrationStatus(db: Db): Promise<MigrationStatus> {
  const known = listMigrations();
  const applied = await listApplied(db);
  return {
    applied: applied.filter((name) => name !== MOVING),
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name) && name !== MOVING),
    isMoving: applied.includes(MOVING),
  };
}

/** From now on, no command but the one that moves the tables uses this database. */
export async function markMoving(db: Db): Promise<void> {
  if ((await migrationStatus(db)).isMoving) return;
  await db.migrate.currentVersion(lenient); // creates the table where it is missing
  await db(table).insert({ name: MOVING, batch: 0, migration_time: db.fn.now() });
}

export async function unmarkMoving(db: Db): Promise<void> {
  await db(table).where({ name: MOVING }).delete();
}

/**
 * One small query, for the start of every command.
 *
 * @throws migration_needed with the command to run; config_invalid when a newer release has migrated
 */
export async function assertMigrated(db: Db): Promise<void> {
  const { pending, unknown, isMoving } = await migrationStatus(db);
  if (unknown.length > 0) throw newerSchema(unknown);
  if (isMoving) throw underWay();
  if (pending.length > 0) {
    throw new ResetError(
      'migration_needed',
      `Reset's tables are missing or old. Run: ${programName} migrate`,
      {
        details: { pending },
      },
    );
  }
}

/** Knex's own folder source names no URL, which Windows paths need. */
const source: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve(listMigrations()),
  getMigrationName: (name) => name,
  getMigration: async (name) => (await import(pathToFileURL(join(folder, name)).href)) as Knex.Migration,
};

const migratorConfig: Knex.MigratorConfig = { tableName: table, migrationSource: source };
const lenient: Knex.MigratorConfig = { ...migratorConfig, disableMigrationsListValidation: true };

function listMigrations(): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.js$/.test(name))
    .sort();
}

async function listApplied(db: Db): Promise<string[]> {
  try {
    return await db(table).orderBy('id').pluck<string[]>('name');
  } catch (error) {
    if (isMissingTable(error)) return [];
    throw explainDatabaseError(error) ?? error;
  }
}
