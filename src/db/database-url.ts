import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ResetError } from '../errors.ts';

export type Dialect = 'sqlite' | 'postgres' | 'mysql';

/** Where a database is, as its URL says it. */
export type DatabaseTarget =
  | { readonly dialect: 'sqlite'; readonly path: string }
  | {
      readonly dialect: 'postgres' | 'mysql';
      /** a name, an address, or the folder of a unix socket (PostgreSQL) or the socket itself (MySQL) */
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      /** PostgreSQL: where tables without a schema are looked for, in this order; ours are created in the first */
      readonly searchPath: readonly string[] | undefined;
      /** PostgreSQL: settings for the session, as the server reads them (`-c name=value`) */
      readonly options: string | undefined;
      readonly tls: 'off' | 'verified';
      /** file with the authority that signed the server's certificate */
      readonly tlsAuthority: string | undefined;
    };

const SERVERS: Readonly<Record<string, { dialect: 'postgres' | 'mysql'; port: number }>> = {
  'postgres:': { dialect: 'postgres', port: 5432 },
  'postgresql:': { dialect: 'postgres', port: 5432 },
  'pgsql:': { dialect: 'postgres', port: 5432 },
  'mysql:': { dialect: 'mysql', port: 3306 },
  'mysql2:': { dialect: 'mysql', port: 3306 },
  'trilogy:': { dialect: 'mysql', port: 3306 },
  'mariadb:': { dialect: 'mysql', port: 3306 },
};

const FORMS = 'sqlite:PATH, postgres://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME';

/** Is this host on the machine we run on? TLS is checked for all others (R77). */
export const isLocalHost = (host: string): boolean =>
  host === '' ||
  host.startsWith('/') ||
  host === 'localhost' ||
  host === '::1' ||
  /^127(\.\d{1,3}){3}$/.test(host);

/** The URL as an operator may see it: without the password, and without parameters that may hold one. */
export function redactUrl(url: string): string {
  if (/^sqlite3?:/.test(url)) return url;
  const parsed = parse(withoutDriver(url));
  if (!parsed) return '[unreadable database URL]';
  const user = parsed.username ? `${parsed.username}@` : '';
  // An @ after the host is what is left of a password with a slash in it.
  const name = parsed.pathname.includes('@') ? '/…' : parsed.pathname;
  return `${parsed.protocol}//${user}${parsed.host}${name}`;
}

/** Where the tables are, for a sentence: `the file /srv/app.db` or `the database shop on db.example.com`. */
export function describeDatabase(url: string): string {
  const target = parseDatabaseUrl(url);
  return target.dialect === 'sqlite'
    ? `the file ${resolve(target.path)}`
    : `the database ${target.database} on ${target.host === '' ? 'localhost' : target.host}`;
}

/** @throws config_invalid for anything that is not a database URL we know; the message never holds the URL */
export function parseDatabaseUrl(given: string): DatabaseTarget {
  const url = withoutDriver(given);
  if (url.startsWith('sqlite:')) return { dialect: 'sqlite', path: sqlitePath(url.slice('sqlite:'.length)) };
  // An empty host is how libpq spells "the local socket"; WHATWG URLs refuse it for schemes with a user.
  const parsed = parse(url) ?? parse(url.replace('@/', '@localhost/'));
  const server = parsed ? SERVERS[parsed.protocol] : undefined;
  if (!parsed || !server) throw unreadable(url);
  const database = readName(parsed, url);
  const parameters = readParameters(server.dialect, parsed.searchParams);
  const host = parameters.host ?? decode(parsed.hostname).replace(/^\[|\]$/g, '');
  return {
    ...server,
    host,
    ...(parsed.port && { port: Number(parsed.port) }),
    user: decode(parsed.username),
    password: decode(parsed.password),
    database,
    searchPath: parameters.searchPath,
    options: parameters.options,
    tls: chooseTls(parsed.searchParams.get('sslmode'), host),
    tlsAuthority: parsed.searchParams.get('sslrootcert') ?? undefined,
  };
}

function readName(parsed: URL, url: string): string {
  const name = decode(parsed.pathname.slice(1));
  if (parsed.hash !== '' || name.includes('@')) throw unescaped();
  if (name !== '') return name;
  throw new ResetError('config_invalid', `${redactUrl(url)} names no database. Write ${FORMS}.`);
}

/** `postgresql+asyncpg://` and `sqlite3:` are the same database to us. */
const withoutDriver = (url: string): string =>
  url.replace(/^(\w+)\+\w+:/, '$1:').replace(/^sqlite3:/, 'sqlite:');

function unreadable(url: string): ResetError {
  const [scheme = ''] = url.split('//', 1);
  if (SERVERS[scheme] === undefined) {
    return new ResetError('config_invalid', `The database URL is not one of ${FORMS}.`);
  }
  return /^[^/]*\/\/[^/]*,/.test(url)
    ? new ResetError('config_invalid', 'The database URL names several hosts. Name one: the primary server.')
    : unescaped();
}

const unescaped = (): ResetError =>
  new ResetError(
    'config_invalid',
    'The database URL cannot be read. In a user name or password write # as %23, / as %2F, ? as %3F, @ as %40 and : as %3A.',
  );

/** Names of one thing, as libpq, JDBC, Rails, Prisma and others write them. */
const SCHEMA = ['schema', 'search_path', 'currentSchema', 'schema_search_path', 'searchpath'];
const SOCKET = ['host', 'socket', 'unix_socket', 'socketPath'];
/** Parameters that would change which database is meant if they were ignored. */
const OTHER_ADDRESSES = ['dbname', 'database', 'hostaddr', 'port', 'service', 'user', 'password'];

interface Parameters {
  readonly host: string | undefined;
  readonly searchPath: readonly string[] | undefined;
  readonly options: string | undefined;
}

function readParameters(dialect: 'postgres' | 'mysql', parameters: URLSearchParams): Parameters {
  const ours = new Map([...parameters].map(([name, value]) => [name.toLowerCase(), value]));
  const valuesOf = (names: readonly string[]): string[] => [
    ...new Set(names.flatMap((name) => ours.get(name.toLowerCase()) ?? [])),
  ];
  const schemas = valuesOf(SCHEMA);
  const sockets = valuesOf(SOCKET);
  const unknown = OTHER_ADDRESSES.find((name) => ours.has(name.toLowerCase()));
  if (unknown !== undefined) throw notRead(unknown);
  if (dialect === 'mysql' && schemas.length > 0) throw notRead('schema');
  if (dialect === 'mysql' && ours.has('options')) throw notRead('options');
  if (schemas.length > 1 || sockets.length > 1) {
    throw new ResetError('config_invalid', 'The database URL names two schemas or two sockets. Name one.');
  }
  return {
    host: sockets[0],
    searchPath: schemas[0]?.split(',').map((name) => name.trim().replace(/^"|"$/g, '')),
    options: ours.get('options'),
  };
}

const notRead = (name: string): ResetError =>
  new ResetError(
    'config_invalid',
    `The database URL has the parameter ${name}, which reset does not support; ignoring it would use another database. Put it into the URL itself: ${FORMS}`,
  );

function chooseTls(mode: string | null, host: string): 'off' | 'verified' {
  switch (mode) {
    case null:
      return isLocalHost(host) ? 'off' : 'verified';
    case 'disable':
      return 'off';
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return 'verified';
    default:
      throw new ResetError(
        'config_invalid',
        `The database URL says sslmode=${mode}. Use verify-full (the default for other machines) or disable.`,
      );
  }
}

/**
 * `sqlite:///app.db` is a file in this folder to SQLAlchemy and Django, and a file of the root folder to others: the one
 * that is there is taken.
 */
function sqlitePath(path: string): string {
  if (path === '')
    throw new ResetError('config_invalid', 'The database URL names no file. Write sqlite:PATH.');
  if (!path.startsWith('///') || path.startsWith('////')) return path.replace(/^\/{2,}/, '/');
  const [absolute, relative] = [path.slice(2), path.slice(3)];
  const isTwice = existsSync(absolute) && existsSync(relative);
  if (!isTwice && (existsSync(absolute) || isInFolder(absolute))) return absolute;
  if (!isTwice && existsSync(relative)) return relative;
  throw new ResetError(
    'config_invalid',
    `The database URL is ambiguous: it may mean the file ${absolute} or ${relative} in this folder. Write sqlite:${absolute} or sqlite:${relative}.`,
  );
}

/** `/srv/app.db` names a folder that exists; `/app.db` would be in the root folder, which nobody wants. */
const isInFolder = (path: string): boolean => dirname(path) !== '/' && existsSync(dirname(path));

const parse = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new ResetError(
      'config_invalid',
      'The database URL holds a % that starts no escape. Write %25 for a % in a user name or password.',
      { cause },
    );
  }
}
