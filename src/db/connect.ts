import { closeSync, existsSync, openSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Knex, knex as createKnex } from 'knex';
import { readCertificateFile } from '../config/certificate-file.ts';
import { ResetError } from '../errors.ts';
import { loadSqliteDriver, type SqliteDriver } from './sqlite-driver.ts';
import { parseDatabaseUrl, type DatabaseTarget, type Dialect } from './database-url.ts';
import type { SessionSettings } from './postgres-client.ts';
import { programName } from '../values/program-name.ts';

export { describeDatabase, isLocalHost, parseDatabaseUrl, redactUrl, type Dialect } from './database-url.ts';

/** A database handle: Knex itself, or a transaction of it. */
export type Db = Knex;

export interface ConnectOptions {
  /** only `init`, `migrate` and `demo` may create an SQLite file; any other command would hide a typing error */
  readonly mayCreate?: boolean;
  /** connections at most (PostgreSQL, MySQL); SQLite always has one */
  readonly poolMax?: number;
}

type Server = Exclude<DatabaseTarget, { dialect: 'sqlite' }>;
interface PgTypes {
  getTypeParser(oid: number, format?: string): (text: string) => unknown;
}
type Pool = Knex.PoolConfig & {
  afterCreate: (connection: never, done: (error: Error | null) => void) => void;
};

// Long enough for a busy server, short enough that a person at a terminal does not think it hangs.
const connectTimeoutMs = 10_000;
const lockTimeoutMs = 5_000;

const INT8 = 20;
/** date, timestamp, timestamptz: kept as text, because a JavaScript Date drops the microseconds we compare */
const INSTANTS = [1082, 1114, 1184];

/**
 * Opens a database. Nothing is sent to a server until the first query.
 * Times are read as text, and sessions run in UTC, so the same text means the same instant on all three.
 * An UPDATE counts the rows that matched, also on MySQL when nothing changed in them (FOUND_ROWS).
 *
 * @throws config_invalid for a URL we cannot read, database_unavailable for an SQLite file that is not there
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Db> {
  const target = parseDatabaseUrl(url);
  const { default: knex } = await import('knex');
  if (target.dialect === 'sqlite') return openSqlite(knex, resolve(target.path), options.mayCreate ?? false);
  const pool = { min: 0, max: options.poolMax ?? 5 };
  const shared = { acquireConnectionTimeout: connectTimeoutMs + lockTimeoutMs, log: silent };
  return target.dialect === 'postgres'
    ? knex({
        ...shared,
        client: (await import('./postgres-client.ts')).PostgresClient,
        pool,
        connection: await postgresConfig(target),
      })
    : knex({
        ...shared,
        client: (await import('./mysql-client.ts')).MysqlClient,
        pool: { ...pool, ...prepareMysql },
        connection: mysqlConfig(target),
      });
}

/** Which SQL this handle speaks. */
export function dialectOf(db: Db): Dialect {
  const { driverName } = db.client as { driverName: string };
  if (driverName === 'pg') return 'postgres';
  return driverName === 'mysql2' ? 'mysql' : 'sqlite';
}

/** Is a connection pooler between us and PostgreSQL? Known once a statement has run. */
export const isPooled = (db: Db): boolean => (db.client as { isPooled?: boolean }).isPooled === true;

// Knex would print warnings to stderr; what matters reaches the operator as an error.
const ignore = (): void => undefined;
const silent = { warn: ignore, error: ignore, deprecate: ignore, debug: ignore };

async function openSqlite(knex: typeof createKnex, filename: string, mayCreate: boolean): Promise<Db> {
  const driver = await loadSqliteDriver();
  const isNew = !existsSync(filename);
  if (isNew) createFile(filename, mayCreate);
  const { SqliteClient } = await import('./sqlite-client.ts');
  const settings: Knex.Config & { driver: SqliteDriver } = {
    client: SqliteClient,
    driver,
    connection: { filename },
    useNullAsDefault: true,
    log: silent,
    pool: { min: 0, max: 1, idleTimeoutMillis: 600_000, ...prepareSqlite },
  };
  const db = knex(settings);
  // An application's file keeps the journal mode that its owner chose.
  if (isNew) await db.raw('pragma journal_mode = wal');
  return db;
}

/** Only the owner may read it: it holds password hashes. SQLite gives its side files the same mode. */
function createFile(filename: string, mayCreate: boolean): void {
  if (!mayCreate) {
    throw new ResetError(
      'database_unavailable',
      `There is no database file ${filename}. Check the path, or create a new one: ${programName} migrate`,
    );
  }
  try {
    closeSync(openSync(filename, 'wx', 0o600));
  } catch (cause) {
    throw new ResetError(
      'database_unavailable',
      `The database file ${filename} cannot be created. Check that the folder exists and is writable.`,
      { cause },
    );
  }
}

const prepareSqlite = {
  afterCreate(connection: import('sqlite3').Database, done): void {
    connection.configure('busyTimeout', lockTimeoutMs);
    connection.exec('pragma foreign_keys = on', done);
  },
} as Pool;

const prepareMysql = {
  afterCreate(connection: { query(sql: string, done: (error: Error | null) => void): void }, done): void {
    // We set the mode, whatever the server's default: the driver escapes with backslashes (NO_BACKSLASH_ESCAPES would
    // break that), and a string that does not fit must be an error instead of a shorter string. Our own tables need
    // transactions, whatever engine the server gives to new tables.
    const seconds = String(lockTimeoutMs / 1000);
    connection.query(
      `set default_storage_engine = InnoDB, time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = ${seconds}`,
      done,
    );
  },
} as Pool;

async function postgresConfig(target: Server): Promise<Knex.PgConnectionConfig> {
  const { types } = (await import('pg')).default as { types: PgTypes };
  const getTypeParser: PgTypes['getTypeParser'] = (oid, format) => {
    if (oid === INT8) return parseInt8;
    if (INSTANTS.includes(oid)) return (text) => text;
    return types.getTypeParser(oid, format);
  };
  const session: SessionSettings = {
    application_name: 'reset',
    TimeZone: 'UTC',
    lock_timeout: String(lockTimeoutMs),
    ...(target.searchPath && { search_path: listSchemas(target.searchPath) }),
  };
  return {
    ...address(target),
    ssl: target.tls === 'verified' && { rejectUnauthorized: true, ...authority(target) },
    connectionTimeoutMillis: connectTimeoutMs,
    ...(target.options !== undefined && { options: target.options }),
    types: { getTypeParser },
    session,
    // Knex's types do not know `session`, which is for our client
  } as Knex.PgConnectionConfig;
}

const listSchemas = (names: readonly string[]): string =>
  [...new Set([...names, 'public'])].map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');

/** 64-bit integers: a number where JavaScript can hold it exactly, else its digits. */
function parseInt8(digits: string): number | string {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : digits;
}

function mysqlConfig(target: Server): Knex.MySql2ConnectionConfig {
  if (target.tls === 'verified' && isIP(target.host) !== 0) {
    throw new ResetError(
      'config_invalid',
      'Name the database server by its name in the URL: the driver of MySQL compares the certificate of a numeric address with "localhost" (mysql2 3). Only on a network you trust, use ?sslmode=disable.',
    );
  }
  return {
    ...address(target),
    ...(target.host.startsWith('/') && { socketPath: target.host }),
    ...(target.tls === 'verified' && {
      ssl: { rejectUnauthorized: true, verifyIdentity: true, ...authority(target) },
    }),
    charset: 'utf8mb4',
    connectTimeout: connectTimeoutMs,
    dateStrings: true,
    supportBigNumbers: true,
    flags: ['FOUND_ROWS', '-LOCAL_FILES'],
    // Knex's types describe an older driver
  } as object;
}

const address = ({ host, port, user, password, database }: Server): Omit<Knex.PgConnectionConfig, 'ssl'> => ({
  host: host === '' ? 'localhost' : host,
  port,
  user,
  password,
  database,
});

const authority = ({ tlsAuthority }: Server): { ca?: string } =>
  tlsAuthority === undefined ? {} : { ca: readCertificateFile(tlsAuthority, 'sslrootcert').toString('utf8') };
