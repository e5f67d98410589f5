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
      /** PostgreSQL: where tables without a schema are looked for first, and where ours are made */
      readonly schema: string | undefined;
      readonly tls: 'off' | 'verified';
      /** file with the authority that signed the server's certificate */
      readonly tlsAuthority: string | undefined;
    };

const SERVERS: Readonly<Record<string, { dialect: 'postgres' | 'mysql'; port: number }>> = {
  'postgres:': { dialect: 'postgres', port: 5432 },
  'postgresql:': { dialect: 'postgres', port: 5432 },
  'mysql:': { dialect: 'mysql', port: 3306 },
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
  if (url.startsWith('sqlite:')) return url;
  const parsed = parse(url);
  if (!parsed) return '[unreadable database URL]';
  const user = parsed.username ? `${parsed.username}@` : '';
  // An @ after the host is what is left of a password with a slash in it.
  const name = parsed.pathname.includes('@') ? '/…' : parsed.pathname;
  return `${parsed.protocol}//${user}${parsed.host}${name}`;
}

/** @throws config_invalid for anything that is not a database URL we know; the message never holds the URL */
export function parseDatabaseUrl(url: string): DatabaseTarget {
  if (url.startsWith('sqlite:')) return { dialect: 'sqlite', path: sqlitePath(url.slice('sqlite:'.length)) };
  // An empty host is how libpq spells "the local socket"; WHATWG URLs refuse it for schemes with a user.
  const parsed = parse(url) ?? parse(url.replace('@/', '@localhost/'));
  const server = parsed ? SERVERS[parsed.protocol] : undefined;
  if (!parsed || !server) throw new ResetError('config_invalid', `The database URL is not one of ${FORMS}.`);
  const database = decode(parsed.pathname.slice(1));
  if (!database) {
    throw new ResetError('config_invalid', `${redactUrl(url)} names no database. Write ${FORMS}.`);
  }
  const host = parsed.searchParams.get('host') ?? decode(parsed.hostname).replace(/^\[|\]$/g, '');
  return {
    ...server,
    host,
    ...(parsed.port && { port: Number(parsed.port) }),
    user: decode(parsed.username),
    password: decode(parsed.password),
    database,
    schema: parsed.searchParams.get('schema') ?? undefined,
    tls: chooseTls(parsed.searchParams.get('sslmode'), host),
    tlsAuthority: parsed.searchParams.get('sslrootcert') ?? undefined,
  };
}

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
        `The database URL says sslmode=${mode}. Say verify-full (the default off this host), or disable.`,
      );
  }
}

function sqlitePath(path: string): string {
  if (path === '')
    throw new ResetError('config_invalid', 'The database URL names no file. Write sqlite:PATH.');
  return path.replace(/^\/{2,}/, '/');
}

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
