import type { Knex } from 'knex';
// @ts-expect-error knex ships no types for its dialect classes; extending them is its documented way to adapt one
import KnexPostgres from 'knex/lib/dialects/postgres/index.js';
import pg from 'pg';
import { ResetError } from '../errors.ts';

/** The settings under which all our statements run, by their PostgreSQL names. */
export type SessionSettings = Readonly<Record<string, string>>;

interface Connection {
  query(statement: string): Promise<{ rows: Record<string, unknown>[] }>;
  getTransactionStatus(): 'I' | 'T' | 'E' | null;
}

interface Query {
  readonly sql: string;
  response?: unknown;
}

interface KnexPostgresClient extends Knex.Client {
  driver: unknown;
  version?: string;
  _driver(): unknown;
  _query(connection: Connection, query: Query): Promise<Query>;
  _parseVersion(text: string): string;
  _acquireOnlyConnection(): Promise<Connection>;
  acquireRawConnection(): Promise<Connection>;
  destroyRawConnection(connection: Connection): Promise<void>;
}

const Base = KnexPostgres as Omit<typeof Knex.Client, 'prototype'> &
  (new (config: Knex.Config) => KnexPostgresClient);

/** Only a server that reads our start-up parameters has it: a pooler refuses it, or drops it with the others. */
const MARK = { name: 'resetctl.session', value: 'own' };

/** PgBouncer puts it on the connections of its pool, where an application without a name would find it. */
const NAME = 'application_name';

/**
 * A database without an encoding holds whatever bytes were put into it. The driver asks for UTF-8, and the server then
 * refuses a whole list for one row; as bytes, such a row has a replacement character in it, and the others are right.
 */
const BYTES = 'SQL_ASCII';

/** The driver's client, which sends our settings along as it connects. `getStartupConf` is missing in its types. */
const Startup = pg.Client as unknown as new (config: object) => { getStartupConf(): Record<string, string> };
class SessionClient extends Startup {
  readonly #session: SessionSettings;

  constructor(config: { readonly session: SessionSettings }) {
    super(config);
    this.#session = config.session;
  }

  override getStartupConf(): Record<string, string> {
    const session = Object.entries(this.#session).filter(([name]) => name !== NAME);
    return { ...super.getStartupConf(), ...Object.fromEntries(session), [MARK.name]: MARK.value };
  }
}

/** By connection, the statement that begins a transaction under our settings: Knex makes a client for each transaction. */
const pooled = new WeakMap<Connection, string>();

/**
 * Knex's PostgreSQL client, which leaves no setting behind on a connection that others use after us. A server takes our
 * settings as start-up parameters. A pooler (PgBouncer and its like) refuses or drops those, and hands each transaction
 * to any of its connections: then each statement runs in a transaction that begins with the settings and ends with them.
 */
export class PostgresClient extends Base {
  /** known after the first connection */
  isPooled = false;

  override _driver(): unknown {
    return { Client: SessionClient };
  }

  /** @throws config_invalid where the URL has `options` and a pooler does not pass them on */
  override async acquireRawConnection(): Promise<Connection> {
    const own = this.isPooled ? undefined : await this.#connectOwn();
    if (own !== undefined) return own;
    const { session, options } = this.connectionSettings as { session: SessionSettings; options?: string };
    if (options !== undefined) throw optionsLost();
    this.isPooled = true;
    this.driver = pg;
    const connection = await this._acquireOnlyConnection();
    const { hasBytes } = await this.#readMark(connection);
    pooled.set(connection, beginUnder({ ...session, ...(hasBytes && { client_encoding: BYTES }) }));
    return connection;
  }

  /** A connection that has our settings as its own; undefined where a pooler refuses or drops them. */
  async #connectOwn(): Promise<Connection | undefined> {
    let connection: Connection;
    try {
      connection = await this._acquireOnlyConnection();
    } catch (error) {
      if (isStartupRefused(error)) return undefined;
      throw error;
    }
    const { mark, hasBytes } = await this.#readMark(connection);
    if (mark !== MARK.value) {
      await this.destroyRawConnection(connection);
      return undefined;
    }
    if (hasBytes) await connection.query(`set client_encoding = '${BYTES}'`);
    return connection;
  }

  /** On a connection of our own, also sets the application name. Knex wants to know the version. */
  async #readMark(connection: Connection): Promise<{ mark: unknown; hasBytes: boolean }> {
    const { session } = this.connectionSettings as { session: SessionSettings };
    const mark = `current_setting('${MARK.name}', true)`;
    const { rows } = await connection.query(
      `select version() as version, ${mark} as mark, current_setting('server_encoding') as encoding,
        case when ${mark} = '${MARK.value}' then ${setConfig(NAME, session[NAME] ?? '', false)} end`,
    );
    const [row] = rows;
    this.version = this._parseVersion(String(row?.['version']));
    return { mark: row?.['mark'], hasBytes: row?.['encoding'] === BYTES };
  }

  override async _query(connection: Connection, query: Query): Promise<Query> {
    const begin = pooled.get(connection);
    if (begin === undefined || connection.getTransactionStatus() !== 'I')
      return super._query(connection, query);
    await connection.query(begin);
    if (/^begin\b/i.test(query.sql)) return query;
    try {
      await super._query(connection, query);
    } catch (error) {
      await connection.query('rollback').catch(() => undefined); // the statement's error says more
      throw error;
    }
    await connection.query('commit');
    return query;
  }
}

const setConfig = (name: string, value: string, isLocal: boolean): string =>
  `set_config('${name}', '${value.replaceAll("'", "''")}', ${String(isLocal)})`;

const beginUnder = (session: SessionSettings): string =>
  `begin; select ${Object.entries(session)
    .map(([name, value]) => setConfig(name, value, true))
    .join(', ')}`;

function isStartupRefused(error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string };
  return code === '42704' || /startup param|startup option/i.test(message);
}

const optionsLost = (): ResetError =>
  new ResetError(
    'config_invalid',
    'The pooler in front of PostgreSQL does not pass on the parameter options of the database URL. Name a schema with ?schema=NAME instead, or connect to the server itself.',
  );
