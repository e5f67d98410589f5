import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { describeDatabase, parseDatabaseUrl } from '../../db/connect.ts';
import { decodeText } from '../../values/decode-text.ts';
import { distrust } from '../../values/trusted-path.ts';

/** A database that the folder's application seems to use. */
export interface FoundDatabase {
  readonly url: string;
  /** the database and the file that names it, without a password */
  readonly label: string;
}

/** Where the usual frameworks keep an SQLite file: Django, Flask, Rails, Laravel, Prisma. */
const FOLDERS = ['.', 'instance', 'db', 'storage', 'database', 'prisma', 'data'];
const MOST = 8;

/**
 * What an operator in this folder may mean: SQLite files, WordPress's `wp-config.php`, Laravel's `.env`. (A
 * DATABASE_URL needs no proposal: it is read anyway.) Files that somebody else could have written are left out.
 */
export function findDatabases(folder: string): FoundDatabase[] {
  return [...fromWordPress(folder), ...fromLaravel(folder), ...sqliteFiles(folder)].slice(0, MOST);
}

/** The SQLite file that a URL names, if it does not exist. */
export function missingFile(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const target = parseDatabaseUrl(url);
  if (target.dialect !== 'sqlite' || target.path === ':memory:') return undefined;
  return existsSync(target.path) ? undefined : target.path;
}

function sqliteFiles(folder: string): FoundDatabase[] {
  return FOLDERS.flatMap((name) => {
    const inside = join(folder, name);
    return names(inside)
      .filter((file) => /\.(db3?|sqlite3?)$/i.test(file) && isSqlite(join(inside, file)))
      .map((file) => `sqlite:${relative(folder, join(inside, file))}`)
      .map((url) => ({ url, label: url }));
  });
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // not there, or not for us to read
  }
}

/** https://www.sqlite.org/fileformat.html, 1.3.1 */
const MAGIC = 'SQLite format 3\0';

function isSqlite(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    const start = Buffer.alloc(MAGIC.length);
    readSync(file, start);
    closeSync(file);
    return start.toString('latin1') === MAGIC;
  } catch {
    return false;
  }
}

/** https://developer.wordpress.org/advanced-administration/wordpress/wp-config/ */
function fromWordPress(folder: string): FoundDatabase[] {
  const text = readTrusted(join(folder, 'wp-config.php'));
  const valueOf = (name: string) =>
    new RegExp(`^\\s*define\\(\\s*(['"])${name}\\1\\s*,\\s*(['"])(.*?)\\2\\s*\\)`, 'm').exec(text)?.[3];
  return describe('wp-config.php', {
    scheme: 'mysql',
    host: valueOf('DB_HOST'),
    name: valueOf('DB_NAME'),
    user: valueOf('DB_USER'),
    password: valueOf('DB_PASSWORD'),
  });
}

/** https://laravel.com/docs/database#configuration */
function fromLaravel(folder: string): FoundDatabase[] {
  const env = parseEnv(readTrusted(join(folder, '.env')));
  const schemes: Readonly<Record<string, string>> = { mysql: 'mysql', mariadb: 'mysql', pgsql: 'postgres' };
  const scheme = schemes[env['DB_CONNECTION'] ?? ''];
  if (scheme === undefined) return [];
  const host = env['DB_PORT'] ? `${env['DB_HOST'] ?? '127.0.0.1'}:${env['DB_PORT']}` : env['DB_HOST'];
  return describe('.env', {
    scheme,
    host,
    name: env['DB_DATABASE'],
    user: env['DB_USERNAME'],
    password: env['DB_PASSWORD'],
  });
}

interface Parts {
  readonly scheme: string;
  readonly host: string | undefined;
  readonly name: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

function describe(file: string, { scheme, host, name, user, password = '' }: Parts): FoundDatabase[] {
  if (!name || !user) return [];
  const login = [user, password].map(encodeURIComponent).join(':').replace(/:$/, '');
  const url = `${scheme}://${login}@${host ?? 'localhost'}/${encodeURIComponent(name)}`;
  return URL.canParse(url) ? [{ url, label: `${describeDatabase(url)}, from ${file}` }] : [];
}

/** Empty where the file is not there, can't be read, or could have been written by somebody else. */
function readTrusted(path: string): string {
  try {
    return distrust(path) === undefined ? decodeText(readFileSync(path)) : '';
  } catch {
    return '';
  }
}
