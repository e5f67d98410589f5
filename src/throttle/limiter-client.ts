import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';

type Callback = (...results: unknown[]) => void;

/** What the limiter library uses of an sqlite3 connection. */
interface SqliteConnection {
  serialize(work: () => void): void;
  run(sql: string, ...rest: unknown[]): unknown;
  get(sql: string, ...rest: unknown[]): unknown;
}

/**
 * The part of a Knex handle that the limiter library uses. On SQLite it hands the one connection back before its
 * statements have ended (11.4.0), into whatever transaction comes next; here it goes back when the last one has.
 */
export function limiterClient(db: Knex): unknown {
  if (dialectOf(db) !== 'sqlite') return db;
  const client = db.client as {
    acquireConnection(): Promise<SqliteConnection>;
    releaseConnection(connection: SqliteConnection): Promise<void>;
  };
  return {
    raw: db.raw.bind(db),
    client: {
      config: { client: 'sqlite3' },
      acquireConnection: async () => {
        const connection = await client.acquireConnection();
        return trackUse(connection, () => void client.releaseConnection(connection));
      },
      releaseConnection: (tracked: Tracked) => {
        tracked.release();
      },
    },
  };
}

type Tracked = SqliteConnection & { release(): void };

function trackUse(connection: SqliteConnection, giveBack: () => void): Tracked {
  let pending = 0;
  let isReleased = false;
  const settle = () => {
    if (isReleased && pending === 0) giveBack();
  };
  const tracked =
    (method: 'run' | 'get') =>
    (sql: string, ...rest: unknown[]) => {
      const done = rest.at(-1) as Callback;
      pending += 1;
      connection[method](sql, ...rest.slice(0, -1), function (this: unknown, ...results: unknown[]) {
        done.apply(this, results);
        pending -= 1;
        settle();
      });
    };
  return {
    serialize: (work) => {
      connection.serialize(work);
    },
    run: tracked('run'),
    get: tracked('get'),
    release: () => {
      isReleased = true;
      settle();
    },
  };
}
