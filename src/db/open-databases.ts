import { isDeepStrictEqual } from 'node:util';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { connect, parseDatabaseUrl, type ConnectOptions, type Db } from './connect.ts';

/** The users' database and that of our own tables. */
export interface Databases {
  readonly usersDb: Db;
  readonly ledger: Db;
  /** false: the two are one, behind one handle, and share transactions */
  readonly isApart: boolean;
  close(): Promise<void>;
}

/** Opens the users' database, and that of our own tables where `ledgerUrl` names another. Throws what `connect` throws. */
export async function openDatabases(
  usersUrl: string,
  ledgerUrl: string | undefined,
  options: ConnectOptions,
): Promise<Databases> {
  const usersDb = await connect(usersUrl, options);
  if (ledgerUrl === undefined || isSameDatabase(usersUrl, ledgerUrl))
    return { usersDb, ledger: usersDb, isApart: false, close: () => usersDb.destroy() };
  try {
    const ledger = await connect(ledgerUrl, options);
    const close = async (): Promise<void> => {
      await ledger.destroy();
      await usersDb.destroy();
    };
    return { usersDb, ledger, isApart: true, close };
  } catch (error) {
    await usersDb.destroy();
    throw error;
  }
}

/** Do both URLs lead to the same tables, as far as the URLs say it? */
export function isSameDatabase(one: string, other: string): boolean {
  const [first, second] = [parseDatabaseUrl(one), parseDatabaseUrl(other)];
  if (first.dialect === 'sqlite' && second.dialect === 'sqlite')
    return truePath(first.path) === truePath(second.path);
  return isDeepStrictEqual(first, second);
}

/** A file that is not there yet has no other name either. */
function truePath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
