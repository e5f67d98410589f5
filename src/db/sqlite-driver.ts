import { ResetError } from '../errors.ts';
import { createNodeDriver, type NodeSqlite } from './node-sqlite.ts';

/** The part of sqlite3's module that we use. */
export type SqliteDriver = Pick<typeof import('sqlite3'), 'Database' | 'OPEN_READWRITE'>;

/**
 * The driver for `sqlite:`. It is sqlite3 where that is installed: it does its work outside the event loop. Otherwise it is
 * the SQLite of Node itself (from 22.13). @throws config_invalid where there is neither
 */
export async function loadSqliteDriver(): Promise<SqliteDriver> {
  try {
    return (await import('sqlite3')).default;
  } catch (cause) {
    const builtIn = loadBuiltIn();
    if (builtIn) return createNodeDriver(builtIn) as SqliteDriver;
    throw new ResetError(
      'config_invalid',
      'There is no driver for SQLite. Use Node 22.13 or later, which has SQLite built in, or install one: npm install sqlite3 (it may need Python and a C++ compiler).',
      { cause },
    );
  }
}

/** Node calls it experimental each time it is loaded; what we use of it is tested with every version that we support. */
function loadBuiltIn(): NodeSqlite | undefined {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
