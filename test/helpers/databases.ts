import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { connect, type Db, type Dialect } from '../../src/db/connect.ts';
import { keepApart } from './ledger-of.ts';
import { serverUrl } from './needs.ts';
import { removeFolder } from './temporary-folder.ts';

/** A database of one test alone. */
export interface TestDatabase {
  readonly dialect: Dialect;
  /** for a second connection or another process */
  readonly url: string;
  readonly db: Db;
  /** where our own tables are: the same, unless the test runs on a pair */
  readonly ledger: Db;
  readonly ledgerUrl: string;
}

interface Server {
  readonly dialect: Dialect;
  /** the database from which others are made; undefined for SQLite */
  readonly url?: string;
}

const DIALECTS = {
  sqlite: ['sqlite'],
  servers: ['postgres', 'mysql'],
  all: ['sqlite', 'postgres', 'mysql'],
} as const satisfies Record<string, readonly Dialect[]>;

/** The users' database, and that of our own tables. */
const PAIRS: readonly (readonly [Dialect, Dialect])[] = [
  ['sqlite', 'sqlite'],
  ['postgres', 'sqlite'],
  ['mysql', 'postgres'],
];

const OTHER_PAIRS: typeof PAIRS = [
  ['sqlite', 'postgres'],
  ['sqlite', 'mysql'],
  ['postgres', 'postgres'],
  ['postgres', 'mysql'],
  ['mysql', 'sqlite'],
  ['mysql', 'mysql'],
];

/** Tests of one database. */
type Block = (open: () => Promise<TestDatabase>, dialect: Dialect) => void;

/**
 * A describe block for every database of this tier (and of these dialects): SQLite in `npm test`, PostgreSQL and MariaDB
 * in `npm run test:full`, all three there in an `x.full.test.ts`. `open` gives the test a database of its own, dropped
 * when the test ends; a failed test leaves it and prints where it is.
 */
export function eachDatabase(title: string, block: Block, dialects: readonly Dialect[] = DIALECTS.all): void {
  const tier = inject('databases');
  if (tier === 'pairs') {
    eachPair(title, block, dialects);
    return;
  }
  // In a file that has run in the fast tier, only the servers are left.
  const register = tier === 'servers' ? describe.only : describe;
  const wanted = DIALECTS[tier].filter((each) => dialects.includes(each));
  if (tier === 'servers' && wanted.length === 0)
    register(title, () => it.skipIf(true)('has run in the fast tier', () => expect.unreachable()));
  for (const dialect of wanted) {
    const url = dialect === 'sqlite' ? undefined : serverUrl(dialect);
    const isMissing = dialect !== 'sqlite' && url === undefined;
    register(`${title} (${dialect})`, () => {
      if (isMissing) {
        it.skipIf(isMissing)('is tested where a server answers', () => expect.unreachable());
        return;
      }
      block(provideDatabases(url === undefined ? { dialect } : { dialect, url }), dialect);
    });
  }
}

/**
 * A describe block for every pair of databases of this tier: the users in one, our own tables in the other.
 * `eachDatabase` does the same with the files of the project `pairs`.
 */
export function eachPair(title: string, block: Block, dialects: readonly Dialect[] = DIALECTS.all): void {
  const tier = inject('databases');
  const wanted = tier === 'pairs' ? dialects : DIALECTS[tier].filter((each) => dialects.includes(each));
  registerPairs(
    title,
    block,
    PAIRS.filter(([each]) => wanted.includes(each)),
  );
}

/** The pairs that `eachPair` leaves out, for a few tests; in the full tier only. */
export function eachOtherPair(title: string, block: Block): void {
  if (inject('databases') !== 'sqlite') registerPairs(title, block, OTHER_PAIRS);
}

function registerPairs(title: string, block: Block, pairs: typeof PAIRS): void {
  const tier = inject('databases');
  // In a file that has run before, only these are left.
  const register = tier === 'servers' || tier === 'pairs' ? describe.only : describe;
  for (const [users, ledger] of pairs) {
    const [first, second] = [serverOf(users), serverOf(ledger)];
    register(`${title} (${users}, our own tables in ${ledger})`, () => {
      if (first && second) block(provideDatabases(first, second), users);
      else it.skipIf(true)('is tested where the servers answer', () => expect.unreachable());
    });
  }
}

/** Undefined where it does not answer. */
function serverOf(dialect: Dialect): Server | undefined {
  if (dialect === 'sqlite') return { dialect };
  const url = serverUrl(dialect);
  return url === undefined ? undefined : { dialect, url };
}

/** Gives databases to the tests of the block it is called in, and drops them after each. */
function provideDatabases(server: Server, ledgerServer?: Server): () => Promise<TestDatabase> {
  const opened: Created[] = [];
  afterEach(async ({ task }) => {
    for (const { database, drop } of opened.splice(0)) {
      await database.db.destroy();
      if (task.result?.state === 'fail') console.error(`The test left its database: ${database.url}`);
      else await drop();
    }
  });
  const open = async (from: Server): Promise<Bare> => {
    const created = await create(from);
    opened.push(created);
    return created.database;
  };
  return async () => {
    const database = await open(server);
    if (!ledgerServer) return { ...database, ledger: database.db, ledgerUrl: database.url };
    const ledger = await open(ledgerServer);
    keepApart(database.url, ledger.url);
    return { ...database, ledger: ledger.db, ledgerUrl: ledger.url };
  };
}

type Bare = Omit<TestDatabase, 'ledger' | 'ledgerUrl'>;

interface Created {
  readonly database: Bare;
  readonly drop: () => Promise<void>;
}

async function create(server: Server): Promise<Created> {
  const name = `reset_test_${randomBytes(6).toString('hex')}`;
  if (server.url === undefined) {
    const folder = await mkdtemp(join(tmpdir(), `${name}-`));
    const url = `sqlite:${join(folder, 'test.db')}`;
    const db = await connect(url, { mayCreate: true });
    return { database: { dialect: server.dialect, url, db }, drop: () => removeFolder(folder) };
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

/** The type of a primary key that the database counts, for `create table`. */
export const COUNTED_ID: Readonly<Record<Dialect, string>> = {
  sqlite: 'integer primary key',
  postgres: 'serial primary key',
  mysql: 'int auto_increment primary key',
};
