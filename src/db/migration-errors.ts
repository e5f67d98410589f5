import { ResetError } from '../errors.ts';
import { programName } from '../values/program-name.ts';
import { isLostRace } from './lost-race.ts';

/** Knex's table of what ran, and that of its lock. */
export const table = 'reset_migrations';
export const lockTable = `${table}_lock`;

export function isMissingTable(error: unknown): boolean {
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
export function isConcurrent(error: unknown): boolean {
  const { name, code, errno, message } = error as Partial<NodeJS.ErrnoException>;
  return (
    name === 'MigrationLocked' ||
    isLostRace(error) ||
    EXISTS.has(code) ||
    EXISTS.has(errno) ||
    /already exists|duplicate column name|Migration table is already locked/.test(String(message))
  );
}

export const newerSchema = (unknown: readonly string[]): ResetError =>
  new ResetError(
    'config_invalid',
    'The tables were created by a newer release of reset. Update this one: npm install --global resetctl',
    { details: { unknown } },
  );

export const underWay = (): ResetError =>
  new ResetError(
    'migration_needed',
    `Reset's tables are being moved to this database, and not all of them have arrived. Finish it with the same command: ${programName} migrate --move-from URL`,
  );

/** The table or index that a migration was about to create and that already exists, or the table of such a column. */
export function leftoverIn(error: unknown): string | undefined {
  const { message } = error as Error;
  const [, name] =
    /\b(reset_\w+)\W*already exists/.exec(message) ??
    /^alter table \W(reset_\w+)\W add .*duplicate column name/is.exec(message) ??
    [];
  return name?.startsWith(table) ? undefined : name;
}

export const leftBehind = (name: string, cause: unknown): ResetError =>
  new ResetError(
    'config_invalid',
    `The database already has ${name}, but ${table} does not say that a migration created it, as after a partial restore. Restore ${table} and ${lockTable} from the same backup, or move the old reset_ tables out of the way. Then run: ${programName} migrate`,
    { cause, details: { table: name } },
  );

export const lockStays = (cause: unknown): ResetError =>
  new ResetError(
    'database_unavailable',
    'Another migration has held the lock for ten seconds. If none is running, free it: update reset_migrations_lock set is_locked = 0',
    { cause },
  );
