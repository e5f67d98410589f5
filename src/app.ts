import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Config } from './config/config.ts';
import { processEnvironment } from './config/environment.ts';
import { nameMailServer } from './config/mail-server.ts';
import type { Db } from './db/connect.ts';
import { openDatabases, type Databases } from './db/open-databases.ts';
import { explainDatabaseError } from './db/errors.ts';
import { assertMigrated } from './db/migrate.ts';
import { isResetError, ResetError } from './errors.ts';
import type { Log } from './log.ts';
import type { Transport } from './mail/transport.ts';
import type { Route } from './outbox/route.ts';
import { routeOfRun, routeTo, SETUP } from './outbox/route.ts';
import type { Renderer } from './render/render-template.ts';
import type { Throttle } from './throttle/throttle.ts';
import type { Keyring } from './tokens/keyring.ts';
import type { Actor, Clock } from './types.ts';
import type { UsersMapping } from './users/mapping/index.ts';
import type { UsersStore } from './users/store/users-store.ts';
import { operatorName } from './values/operator-name.ts';
import { programName } from './values/program-name.ts';

export { describeDatabase } from './db/connect.ts';

/** Everything a flow may need, opened from the configuration. Whatever takes time is opened on first use. */
export interface App {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** the application's database, where the users are */
  readonly usersDb: Db;
  /** the database of our own tables (reset_*): the same handle, unless `isApart` */
  readonly ledger: Db;
  /** our tables are in another database than the users: no transaction spans both */
  readonly isApart: boolean;
  /** the application's users: what flows know of them */
  users(): Promise<UsersStore>;
  /** how the application stores its users, checked against the real schema; for what is about SQL itself */
  mapping(): Promise<UsersMapping>;
  keyring(): Promise<Keyring>;
  throttle(): Promise<Throttle>;
  transport(): Promise<Transport>;
  renderer(): Promise<Renderer>;
  /** the operator who runs this process */
  readonly operator: Actor;
  /** names this process in claims */
  readonly worker: string;
  /** whose mails this process sends, and who may send what it queues */
  readonly route: Route;
  /** closes what was opened, last first */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** `init`, `migrate` and `demo` may create an SQLite file and find no tables yet */
  readonly isSetup?: boolean;
  /** an SQLite file that is not there is made; as `isSetup` says without it */
  readonly mayCreate?: boolean;
  /** connections to a database server; SQLite has one */
  readonly poolMax?: number;
  /** many mails will go */
  readonly isBulk?: boolean;
  /** brings its own mail server and users, so it shares mails with nobody */
  readonly isRun?: boolean;
}

/** Open the application. Throws config_invalid, database_unavailable or migration_needed. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const closers: (() => Promise<void>)[] = [];
  const databases = await openBoth(config, options);
  const { usersDb, ledger, isApart } = databases;
  closers.push(() => databases.close());
  if (options.isSetup !== true) {
    await assertMigrated(ledger).catch(async (error: unknown) => {
      await databases.close();
      throw explainError(error);
    });
  }
  const mapping = once(() => openMapping(config, usersDb));
  const worker = `${hostname().slice(0, 32)}:${process.pid}:${randomBytes(4).toString('hex')}`;
  return {
    config,
    clock: options.clock,
    log: options.log,
    usersDb,
    ledger,
    isApart,
    mapping,
    users: once(async () => {
      const { openSqlStore } = await import('./users/sql-store/open-sql-store.ts');
      return openSqlStore(usersDb, await mapping(), isApart);
    }),
    keyring: once(async () => {
      const { createKeyring } = await import('./tokens/keyring.ts');
      return createKeyring(config.secrets);
    }),
    throttle: once(async () => {
      const { createThrottle } = await import('./throttle/throttle.ts');
      return createThrottle(ledger, options.clock);
    }),
    transport: once(async () => {
      const { openTransport } = await import('./mail/transport.ts');
      const transport = openTransport({
        url: required(config, 'mail.url', config.mail.url),
        connections: config.mail.connections,
        ehlo: config.mail.ehlo,
        clock: options.clock,
        isBulk: options.isBulk ?? false,
      });
      closers.push(() => transport.close());
      return transport;
    }),
    renderer: once(async () => {
      const { createRenderer } = await import('./render/render-template.ts');
      return createRenderer({ overrides: config.templates });
    }),
    operator: { kind: 'operator', name: operatorName(osUser(), processEnvironment()) },
    worker,
    route: options.isRun === true ? openRun(worker) : openRoute(config),
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

const openRun = (worker: string): Route => ({ stamp: routeOfRun(worker), takes: [routeOfRun(worker)] });

/** A mail server that replaces the set-up's gets only what was queued for it. */
function openRoute({ mail, mailServer, flagged }: Config): Route {
  if (mail.url === undefined) return { stamp: SETUP, takes: [null, SETUP] };
  const own = routeTo(nameMailServer(mail.url.reveal()));
  if (mailServer === 'setup') return { stamp: SETUP, takes: [null, SETUP, own] };
  if (mailServer === 'flag') return { stamp: own, takes: [null, SETUP, own] };
  return { stamp: own, takes: flagged.has('mail.url') ? [own] : [null, own] };
}

async function openBoth(config: Config, { isSetup, mayCreate, poolMax }: AppOptions): Promise<Databases> {
  const url = required(config, 'database', config.database).reveal();
  return openDatabases(url, config.ledger?.reveal(), {
    mayCreate: mayCreate ?? isSetup ?? false,
    ...(poolMax === undefined ? {} : { poolMax }),
  });
}

async function openMapping(config: Config, db: Db): Promise<UsersMapping> {
  const [{ checkMapping }, { refuseUsers, resolveUsers }] = await Promise.all([
    import('./users/mapping/check-mapping.ts'),
    import('./users-settings.ts'),
  ]);
  try {
    return await checkMapping(db, await resolveUsers(config));
  } catch (error) {
    throw refuseUsers(error, config);
  }
}

/** A key that this flow needs. If it is not set, the error says how to set it. */
export function required<T>(config: Config, key: string, value: T | undefined): T {
  if (value !== undefined) return value;
  const looked = config.file === undefined ? 'no reset.config.json was found' : `not in ${config.file}`;
  throw new ResetError(
    'config_invalid',
    `"${key}" is not set (${looked}). See: ${programName} help configuration`,
    {
      details: { problems: [{ key, source: 'nowhere', message: 'is not set' }] },
    },
  );
}

/** A driver's error as one of ours, if it is one that we know. */
export function explainError(error: unknown): unknown {
  return isResetError(error) ? error : (explainDatabaseError(error) ?? error);
}

/** Failures are not cached: a database that was away at the first call is asked again at the next. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // a container may run as a user without a name
  }
}
