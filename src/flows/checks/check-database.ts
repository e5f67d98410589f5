import { dirname, resolve } from 'node:path';
import type { App } from '../../app.ts';
import { isLocalHost, isPooled, parseDatabaseUrl, type Db } from '../../db/connect.ts';
import type { ServerInfo } from '../../db/describe-server.ts';
import { describeServer } from '../../db/describe-server.ts';
import type { Finding } from './finding.ts';
import { failure, ok, warning } from './finding.ts';
import { isWritable } from '../../values/file-access.ts';

/** The oldest that can skip locked rows, which workers do; PostgreSQL's is the oldest that we run on. */
const FLOORS: Readonly<Record<ServerInfo['product'], readonly [number, number]>> = {
  SQLite: [3, 42],
  PostgreSQL: [12, 0],
  MySQL: [8, 0],
  MariaDB: [10, 6],
};

/** Beyond this, a token issued on one machine looks as if it came from the future on another (R13). */
const SKEW_FAILURE_MS = 60_000;
const SKEW_WARNING_MS = 5_000;

/** Product and version of the application's server, its encryption, our user there, and whether its clock agrees. */
export const checkServer = (app: App): Promise<Finding[]> =>
  checkOne(app, app.usersDb, app.config.database?.reveal());

/** The same for the database of reset's own tables, where that is another one. */
export const checkLedgerServer = (app: App): Promise<Finding[]> =>
  checkOne(app, app.ledger, app.config.ledger?.reveal());

async function checkOne({ clock }: App, db: Db, url: string | undefined): Promise<Finding[]> {
  const before = clock.now();
  const server = await describeServer(db);
  const skewMs = server.now - (before + clock.now()) / 2;
  return [
    checkVersion(server),
    ...checkTls(url, server),
    ...(isPooled(db) ? [pooled] : []),
    ...(server.isSuperuser ? [superuser(server)] : []),
    ...checkFile(url),
    checkClock(skewMs),
  ];
}

function checkVersion({ product, version, user }: ServerInfo): Finding {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? [];
  const [floorMajor, floorMinor] = FLOORS[product];
  const isOld = Number(major) < floorMajor || (Number(major) === floorMajor && Number(minor) < floorMinor);
  const who = user === null ? '' : `, connected as ${user}`;
  return isOld
    ? failure('database_too_old', `${product} ${version} is too old`, {
        remedy: `at least ${floorMajor}.${floorMinor} is needed`,
      })
    : ok('database_answers', `${product} ${version} answers${who}`, { details: { product, version, user } });
}

function checkTls(url: string | undefined, { isEncrypted }: ServerInfo): Finding[] {
  if (isEncrypted === null || url === undefined) return [];
  const target = parseDatabaseUrl(url);
  if (target.dialect === 'sqlite' || isLocalHost(target.host)) return [];
  return isEncrypted
    ? [ok('database_encrypted', 'the connection is encrypted, and the certificate was checked')]
    : [
        warning(
          'database_unencrypted',
          `the connection to ${target.host} is not encrypted: anyone on the network can read the hashes`,
          {
            remedy: 'remove ?sslmode=disable from the database URL',
          },
        ),
      ];
}

const pooled = ok(
  'database_pooled',
  'a connection pooler answers for PostgreSQL: each statement carries its own settings, and none stay on the connection',
);

const superuser = ({ product, user }: ServerInfo): Finding =>
  warning(
    'database_administrator',
    `${user ?? ''} is an administrator of this database; a reset needs very few rights`,
    {
      remedy:
        product === 'PostgreSQL'
          ? `create role reset login password '…'; then the grants that --verbose lists, and its name in the database URL`
          : `create user reset identified by '…'; then the grants that --verbose lists, and its name in the database URL`,
    },
  );

/** SQLite writes its journal beside the file. */
function checkFile(url: string | undefined): Finding[] {
  const target = url === undefined ? undefined : parseDatabaseUrl(url);
  if (target?.dialect !== 'sqlite') return [];
  const file = resolve(target.path);
  return [file, dirname(file)]
    .filter((path) => !isWritable(path))
    .map((path) =>
      failure('file_unwritable', `${path} is not writable for this user`, { remedy: `chmod u+w ${path}` }),
    );
}

function checkClock(skewMs: number): Finding {
  const off = Math.abs(skewMs);
  const message = `the database's clock is ${Math.round(off / 1000)} s ${skewMs < 0 ? 'behind' : 'ahead of'} this machine's`;
  const remedy = 'synchronise both clocks, for example with: timedatectl set-ntp true';
  if (off >= SKEW_FAILURE_MS) return failure('clock_off', message, { remedy });
  if (off >= SKEW_WARNING_MS) return warning('clock_off', message, { remedy });
  return ok('clock_agrees', "the database's clock agrees with this machine's");
}
