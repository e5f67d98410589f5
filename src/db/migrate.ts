import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { ResetError } from '../errors.ts';
import type { Db } from './connect.ts';
import { explainDatabaseError } from './errors.ts';
import { isLostRace } from './lost-race.ts';
import { inPackage } from '../values/package-folder.ts';
import { programName } from '../values/program-name.ts';

const folder = inPackage('migrations');
const table = 'reset_migrations';
const lockTable = `${table}_lock`;

export interface MigrationStatus {
  readonly applied: string[];
  readonly pending: string[];
  /** run by a newer release than this one */
  readonly unknown: string[];
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
  const { unknown } = await migrationStatus(db);
  if (unknown.length > 0) throw newerSchema(unknown);
  let inTheWay: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [, applied] = (await db.migrate.latest(migratorConfig)) as [number, string[]];
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
  const [known, applied] = await Promise.all([listMigrations(), listApplied(db)]);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

/**
 * One small query, for the start of every command.
 *
 * @throws migration_needed with the command to run; config_invalid when a newer release has migrated
 */
export async function assertMigrated(db: Db): Promise<void> {
  const { pending, unknown } = await migrationStatus(db);
  if (unknown.length > 0) throw newerSchema(unknown);
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
  getMigrations: () => listMigrations(),
  getMigrationName: (name) => name,
  getMigration: async (name) => (await import(pathToFileURL(join(folder, name)).href)) as Knex.Migration,
};

const migratorConfig: Knex.MigratorConfig = { tableName: table, migrationSource: source };

async function listMigrations(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+\.js$/.test(name)).sort();
}

async function listApplied(db: Db): Promise<string[]> {
  try {
    return await db(table).orderBy('id').pluck<string[]>('name');
  } catch (error) {
    if (isMissingTable(error)) return [];
    throw explainDatabaseError(error) ?? error;
  }
}

function isMissingTable(error: unknown): boolean {
  const { code, errno, message } = error as { code?: string; errno?: number; message?: string };
  return (
    code === '42P01' ||
    errno === 1146 ||
    (code === 'SQLITE_ERROR' && (message ?? '').includes('no such table'))
  );
}

/** A table, index, column or row that already exists. */
const EXISTS: ReadonlySet<unknown> = new Set([
  ...['42P07', '42701', '23505', 'SQLITE_CONSTRAINT'],
  ...[1050, 1060, 1061, 1062],
]);

/** Knex's lock is taken, or both created the same table or row at once. */
function isConcurrent(error: unknown): boolean {
  const { name, code, errno, message } = error as Partial<NodeJS.ErrnoException>;
  return (
    name === 'MigrationLocked' ||
    isLostRace(error) ||
    EXISTS.has(code) ||
    EXISTS.has(errno) ||
    /already exists|duplicate column name|Migration table is already locked/.test(String(message))
  );
}

const newerSchema = (unknown: readonly string[]): ResetError =>
  new ResetError(
    'config_invalid',
    'The tables were created by a newer release of reset. Update this one: npm install --global resetctl',
    { details: { unknown } },
  );

/** The table or index that a migration was about to create and that already exists, or the table of such a column. */
function leftoverIn(error: unknown): string | undefined {
  const { message } = error as Error;
  const [, name] =
    /\b(reset_\w+)\W*already exists/.exec(message) ??
    /^alter table \W(reset_\w+)\W add .*duplicate column name/is.exec(message) ??
    [];
  return name?.startsWith(table) ? undefined : name;
}

const leftBehind = (name: string, cause: unknown): ResetError =>
  new ResetError(
    'config_invalid',
    `The database already has ${name}, but ${table} does not say that a migration created it, as after a partial restore. Restore ${table} and ${lockTable} from the same backup, or move the old reset_ tables out of the way. Then run: ${programName} migrate`,
    { cause, details: { table: name } },
  );

const lockStays = (cause: unknown): ResetError =>
  new ResetError(
    'database_unavailable',
    'Another migration has held the lock for ten seconds. If none is running, free it: update reset_migrations_lock set is_locked = 0',
    { cause },
  );
