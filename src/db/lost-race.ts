/**
 * What a database reports when two transactions conflict and this one has to try again: SQLite busy, PostgreSQL
 * serialisation failure and deadlock, MySQL deadlock, lock wait, and MariaDB's "record has changed since last read".
 */
const LOST_RACES: ReadonlySet<unknown> = new Set(['SQLITE_BUSY', '40001', '40P01', 1213, 1205, 1020]);

/** Is trying the same transaction again the right answer to this error? */
export function isLostRace(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, errno, cause } = error as { code?: unknown; errno?: unknown; cause?: unknown };
  return LOST_RACES.has(code) || LOST_RACES.has(errno) || (cause !== undefined && isLostRace(cause));
}
