import { dialectOf, type Db } from './connect.ts';

/** What a connection says about the server at its other end. */
export interface ServerInfo {
  readonly product: 'SQLite' | 'PostgreSQL' | 'MySQL' | 'MariaDB';
  /** as the server writes it */
  readonly version: string;
  /** as grants name it; null for SQLite */
  readonly user: string | null;
  readonly isSuperuser: boolean;
  /** null for SQLite */
  readonly isEncrypted: boolean | null;
  /** the server's clock, in milliseconds since the epoch */
  readonly now: number;
}

/** One small query or three. Throws what the driver throws. */
export async function describeServer(db: Db): Promise<ServerInfo> {
  switch (dialectOf(db)) {
    case 'sqlite':
      return describeSqlite(db);
    case 'postgres':
      return describePostgres(db);
    case 'mysql':
      return describeMysql(db);
  }
}

async function describeSqlite(db: Db): Promise<ServerInfo> {
  const [row] = (await db.raw(
    `select sqlite_version() as version, cast(unixepoch('now', 'subsec') * 1000 as integer) as now`,
  )) as [{ version: string; now: number }];
  return { product: 'SQLite', ...row, user: null, isSuperuser: false, isEncrypted: null };
}

interface PostgresRow {
  readonly version: string;
  readonly user: string;
  readonly super: boolean;
  readonly ssl: boolean | null;
  readonly now: number;
}

async function describePostgres(db: Db): Promise<ServerInfo> {
  const { rows } = await db.raw<{ rows: [PostgresRow] }>(
    `select current_setting('server_version') as version, current_user::text as user,
      (select rolsuper from pg_roles where rolname = current_user) as super,
      (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as ssl,
      floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`,
  );
  const [{ version, user, super: isSuperuser, ssl, now }] = rows;
  return { product: 'PostgreSQL', version, user, isSuperuser, isEncrypted: ssl ?? false, now };
}

/** `GRANT ALL PRIVILEGES ON *.*`, or the right that lets one do everything anyway. */
const ALMIGHTY = /GRANT (ALL PRIVILEGES|.*\bSUPER\b).* ON \*\.\*/;

async function describeMysql(db: Db): Promise<ServerInfo> {
  const [[row]] = (await db.raw(
    'select version() as version, current_user() as user, cast(unix_timestamp(sysdate(3)) * 1000 as unsigned) as now',
  )) as [[{ version: string; user: string; now: number }]];
  const [[cipher]] = (await db.raw(`show session status like 'Ssl_cipher'`)) as [
    [{ Value: string } | undefined],
  ];
  const [grants] = (await db.raw('show grants')) as [Record<string, string>[]];
  return {
    product: row.version.includes('MariaDB') ? 'MariaDB' : 'MySQL',
    version: row.version,
    user: row.user,
    isSuperuser: grants.some((grant) => Object.values(grant).some((text) => ALMIGHTY.test(text))),
    isEncrypted: (cipher?.Value ?? '') !== '',
    now: row.now,
  };
}
