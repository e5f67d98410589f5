import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe } from 'vitest';
import { connect, type Db, type Dialect } from '../../src/db/connect.ts';

/** A database of one test alone. */
export interface TestDatabase {
  readonly dialect: Dialect;
  /** for a second connection or another process */
  readonly url: string;
  readonly db: Db;
}

interface Server {
  readonly dialect: Dialect;
  /** the database from which others are made; undefined for SQLite */
  readonly url?: string;
}

const SERVERS = [
  { dialect: 'postgres', variable: 'TEST_PG_URL', fallback: 'postgres://postgres@127.0.0.1:5432/test' },
  { dialect: 'mysql', variable: 'TEST_MYSQL_URL', fallback: 'mysql://root@127.0.0.1:3306/test' },
] as const;

const reachable = await Promise.all(SERVERS.map(probe));

/** SQLite always; PostgreSQL and MariaDB or MySQL where a server answers. */
export const servers: readonly Server[] = [
  { dialect: 'sqlite' },
  ...reachable.filter((server) => server !== undefined),
];

/**
 * A describe block for every database within reach (of these dialects). `open` gives the test a database of its own, dropped when
 * the test ends; a failed test leaves it and prints where it is.
 */
export function eachDatabase(
  title: string,
  block: (open: () => Promise<TestDatabase>, dialect: Dialect) => void,
  dialects: readonly Dialect[] = ['sqlite', 'postgres', 'mysql'],
): void {
  for (const server of servers.filter(({ dialect }) => dialects.includes(dialect))) {
    describe(`${title} (${server.dialect})`, () => {
      const opened: { database: TestDatabase; drop: () => Promise<void> }[] = [];
      afterEach(async ({ task }) => {
        for (const { database, drop } of opened.splice(0)) {
          await database.db.destroy();
          if (task.result?.state === 'fail') console.error(`The test left its database: ${database.url}`);
          else await drop();
        }
      });
      block(async () => {
        const created = await create(server);
        opened.push(created);
        return created.database;
      }, server.dialect);
    });
  }
}

async function probe({ dialect, variable, fallback }: (typeof SERVERS)[number]): Promise<Server | undefined> {
  const url = process.env[variable] ?? fallback;
  const db = await connect(url);
  try {
    await db.raw('select 1');
    return { dialect, url };
  } catch (error) {
    // In CI a server that is away would turn a proof into nothing.
    if (process.env['CI'] === 'true' || process.env[variable] !== undefined) throw error;
    return undefined;
  } finally {
    await db.destroy();
  }
}

async function create(server: Server): Promise<{ database: TestDatabase; drop: () => Promise<void> }> {
  const name = `reset_test_${randomBytes(6).toString('hex')}`;
  if (server.url === undefined) {
    const folder = await mkdtemp(join(tmpdir(), `${name}-`));
    const url = `sqlite:${join(folder, 'test.db')}`;
    const db = await connect(url, { mayCreate: true });
    return { database: { dialect: server.dialect, url, db }, drop: () => rm(folder, { recursive: true }) };
  }
  await administer(server.url, `create database ${name}`);
  const url = new URL(server.url);
  url.pathname = name;
  const drop = () =>
    administer(server.url!, `drop database ${name}${server.dialect === 'postgres' ? ' with (force)' : ''}`);
  return { database: { dialect: server.dialect, url: url.href, db: await connect(url.href) }, drop };
}

async function administer(url: string, sql: string): Promise<void> {
  const db = await connect(url);
  await db.raw(sql).finally(() => db.destroy());
}
