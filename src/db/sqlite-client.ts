import type { Knex } from 'knex';
// @ts-expect-error knex ships no types for its dialect classes; extending them is its documented way to adapt one
import KnexSqlite from 'knex/lib/dialects/sqlite3/index.js';

/** The parts of Knex's transaction that we replace; its types do not name them. */
interface KnexTransaction {
  begin(connection: unknown): Promise<unknown>;
  commit(connection: unknown, value: unknown): Promise<void>;
  trxClient: { query(connection: unknown, sql: string): Promise<unknown> };
  _completed: boolean;
  _resolver(value: unknown): void;
}

const Base = KnexSqlite as typeof Knex.Client;

/**
 * Knex's SQLite client with three changes. It never creates a file by itself. A transaction starts with BEGIN
 * IMMEDIATE: a deferred one that reads and then writes fails at once with SQLITE_BUSY when another process wrote
 * in between, without waiting. And a COMMIT that fails (a reader holds the rollback journal) is rolled back, so
 * that the one connection does not keep the transaction open.
 */
export class SqliteClient extends Base {
  override acquireRawConnection(): Promise<unknown> {
    const { driver } = this as { driver: typeof import('sqlite3') };
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
    return transaction as unknown as Knex.Transaction;
  }
}
