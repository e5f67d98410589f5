import type { Knex } from 'knex';
// @ts-expect-error knex ships no types for its dialect classes; extending them is its documented way to adapt one
import KnexSqlite from 'knex/lib/dialects/sqlite3/index.js';

import type { SqliteDriver } from './sqlite-driver.ts';

type Connection = import('sqlite3').Database;
type Statement = import('sqlite3').Statement;

/** A query as Knex hands it to a driver. */
interface Query {
  readonly sql: string;
  readonly bindings: readonly unknown[];
  readonly options?: { readonly isKept?: boolean };
  response?: unknown;
  context?: unknown;
}

/** The parts of Knex's transaction that we replace; its types do not name them. */
interface KnexTransaction {
  begin(connection: unknown): Promise<unknown>;
  commit(connection: unknown, value: unknown): Promise<void>;
  trxClient: { query(connection: unknown, sql: string): Promise<unknown> };
  _completed: boolean;
  _resolver(value: unknown): void;
  rollback(connection: unknown, error: unknown): Promise<void>;
  _rejecter(error: unknown): void;
}

interface KnexSqliteClient extends Knex.Client {
  _driver(): unknown;
  _query(connection: Connection, query: Query): Promise<Query>;
  destroyRawConnection(connection: Connection): Promise<void>;
}

const Base = KnexSqlite as Omit<typeof Knex.Client, 'prototype'> &
  (new (config: Knex.Config) => KnexSqliteClient);

/** By connection: Knex makes a client of its own for each transaction. */
const keptStatements = new WeakMap<Connection, Map<string, Statement>>();

/**
 * Knex's SQLite client with six changes. Its driver may be another one with the same calls. It never creates a file by itself. A transaction starts with BEGIN
 * IMMEDIATE: a deferred one that reads and then writes fails at once with SQLITE_BUSY when another process wrote
 * in between, without waiting. And a COMMIT that fails (a reader holds the rollback journal) is rolled back, so
 * that the one connection does not keep the transaction open. A query with the option `isKept` (a SELECT that is
 * asked again and again: `prepare-select.ts`) stays prepared, which saves half of its time.
 */
export class SqliteClient extends Base {
  /** It was chosen before, and comes with the settings. */
  override _driver(): SqliteDriver {
    return (this.config as { driver: SqliteDriver }).driver;
  }

  override acquireRawConnection(): Promise<unknown> {
    const driver = this._driver();
    const { filename } = this.connectionSettings as { filename: string };
    return new Promise((resolve, reject) => {
      const connection = new driver.Database(filename, driver.OPEN_READWRITE, (error) => {
        if (error) reject(error);
        else resolve(connection);
      });
    });
  }

  override transaction(container: unknown, config: unknown, outer: unknown): Knex.Transaction {
    const transaction = super.transaction(container, config, outer) as unknown as KnexTransaction;
    transaction.begin = (connection) => transaction.trxClient.query(connection, 'BEGIN IMMEDIATE;');
    transaction.commit = async (connection, value) => {
      await transaction.trxClient.query(connection, 'COMMIT;');
      transaction._completed = true;
      transaction._resolver(value);
    };
    // After a full disk SQLite has rolled back by itself: that a ROLLBACK then fails must not hide what happened.
    transaction.rollback = async (connection, error) => {
      await transaction.trxClient.query(connection, 'ROLLBACK;').catch(() => undefined);
      transaction._completed = true;
      transaction._rejecter(error);
    };
    return transaction as unknown as Knex.Transaction;
  }

  override async _query(connection: Connection, query: Query): Promise<Query> {
    if (query.options?.isKept !== true) return super._query(connection, query);
    const statement = await prepare(connection, query.sql);
    query.response = await new Promise((resolve, reject) => {
      statement.all(query.bindings, (error: Error | null, rows: unknown[]) => {
        if (error) reject(error);
        else resolve(rows);
      });
    });
    query.context = statement;
    return query;
  }

  /** SQLite does not close a file while statements are prepared on it. */
  override async destroyRawConnection(connection: Connection): Promise<void> {
    for (const statement of keptStatements.get(connection)?.values() ?? []) statement.finalize();
    await super.destroyRawConnection(connection);
  }
}

/** A statement that is not well-formed, or whose table is not there, is never kept. */
async function prepare(connection: Connection, sql: string): Promise<Statement> {
  const kept = keptStatements.get(connection) ?? new Map<string, Statement>();
  keptStatements.set(connection, kept);
  const known = kept.get(sql);
  if (known) return known;
  const made = await new Promise<Statement>((resolve, reject) => {
    const statement = connection.prepare(sql, (error: Error | null) => {
      if (error) reject(error);
      else resolve(statement);
    });
  });
  kept.set(sql, made);
  return made;
}
