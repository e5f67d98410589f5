import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, chownSync, openSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from 'vitest';
import { connect, type Db } from '../../src/db/connect.ts';
import { findProgram } from './find-program.ts';
import { findFreePort } from './free-port.ts';
import { needs, type Part } from './needs.ts';
import { removeFolderSync } from './temporary-folder.ts';

export type ServerDialect = 'postgres' | 'mysql';

/** A database server of one test file alone, which it may stop and set up as it likes. */
export interface OwnServer {
  readonly dialect: ServerDialect;
  /** a new empty database on it; the server must run */
  createDatabase(): Promise<string>;
  /** as the administrator of the server, in this database of it */
  administer<T>(url: string, work: (db: Db) => Promise<T>): Promise<T>;
  /** ends every connection at once; `crash` leaves no time for anything */
  stop(how?: 'shutdown' | 'crash'): Promise<void>;
  /** resolves when it answers again, on the same port; nothing to do while it runs */
  start(): Promise<void>;
}

interface Kind {
  readonly part: Part;
  readonly owner: string;
  readonly scheme: string;
  readonly admin: string;
  readonly program: string;
  readonly shutdown: NodeJS.Signals;
  readonly setUp: (folder: string) => readonly string[];
  readonly run: (folder: string, port: number) => readonly string[];
}

const KINDS: Readonly<Record<ServerDialect, Kind>> = {
  postgres: {
    part: 'postgresql',
    owner: 'postgres',
    scheme: 'postgres://postgres',
    admin: 'postgres',
    program: findProgram('postgres') ?? '',
    shutdown: 'SIGINT', // "fast": it ends the sessions
    setUp: (folder) => [
      ...[findProgram('initdb') ?? '', '-D', join(folder, 'data')],
      ...['-U', 'postgres', '--auth=trust', '--no-sync'],
    ],
    run: (folder, port) => [
      ...['-D', join(folder, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', folder],
      ...['-c', 'fsync=off'],
    ],
  },
  mysql: {
    part: 'mariadb-server',
    owner: 'mysql',
    scheme: 'mysql://root',
    admin: 'mysql',
    program: findProgram('mariadbd') ?? '',
    shutdown: 'SIGTERM',
    setUp: (folder) => [
      ...['mariadb-install-db', '--no-defaults', `--datadir=${join(folder, 'data')}`],
      ...['--auth-root-authentication-method=normal', '--skip-test-db'],
    ],
    run: (folder, port) => [
      ...['--no-defaults', `--datadir=${join(folder, 'data')}`, `--socket=${join(folder, 'socket')}`],
      ...[`--port=${port}`, '--bind-address=127.0.0.1', `--pid-file=${join(folder, 'pid')}`],
      ...['--skip-name-resolve', '--innodb-flush-log-at-trx-commit=2'],
    ],
  },
};

/** A describe block for each of the two servers, where the programs are installed: a container can't be restarted from here. */
export function eachOwnServer(title: string, block: (server: OwnServer) => void): void {
  for (const dialect of ['postgres', 'mysql'] as const) {
    describe.runIf(needs(KINDS[dialect].part))(`${title} (${dialect})`, () => {
      let server: (OwnServer & { remove(): Promise<void> }) | undefined;
      beforeAll(async () => {
        server = await makeServer(dialect);
        await server.start();
      });
      afterAll(() => server?.remove());
      block({
        dialect,
        createDatabase: () => server!.createDatabase(),
        administer: (url, work) => server!.administer(url, work),
        stop: (how) => server!.stop(how),
        start: () => server!.start(),
      });
    });
  }
}

async function makeServer(dialect: ServerDialect): Promise<OwnServer & { remove(): Promise<void> }> {
  const kind = KINDS[dialect];
  const folder = mkdtempSync(join(tmpdir(), `reset-${dialect}-`));
  const owner = ownerOf(kind.owner);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  // MariaDB removes everybody's temporary tables from its folder of temporary files when it starts.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  if (owner) chownSync(temporary, owner.uid, owner.gid);
  const options = { ...owner, cwd: folder, env: { ...process.env, TMPDIR: temporary } };
  const [command = '', ...args] = kind.setUp(folder);
  execFileSync(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await findFreePort();
  const urlOf = (database: string): string => `${kind.scheme}@127.0.0.1:${port}/${database}`;
  let running: ChildProcess | undefined;
  let databases = 0;

  const administer: OwnServer['administer'] = async (url, work) => {
    const db = await connect(url);
    return work(db).finally(() => db.destroy());
  };

  async function start(): Promise<void> {
    if (running) return;
    const log = openSync(join(folder, 'log'), 'a');
    const started = spawn(kind.program, kind.run(folder, port), {
      ...options,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running = started;
    for (const end = Date.now() + 60_000; ; await sleep(50)) {
      const isUp = await administer(urlOf(kind.admin), (db) => db.raw('select 1')).catch(() => false);
      if (isUp !== false) return;
      if (started.exitCode !== null || Date.now() > end)
        throw new Error(`${kind.program} does not answer: see ${folder}/log`);
    }
  }

  async function stop(how: 'shutdown' | 'crash' = 'shutdown'): Promise<void> {
    if (!running) return;
    const ended = once(running, 'exit');
    // PostgreSQL's "immediate" is a crash that takes its child processes along, which SIGKILL does not.
    const crash = dialect === 'postgres' ? 'SIGQUIT' : 'SIGKILL';
    running.kill(how === 'shutdown' ? kind.shutdown : crash);
    // MariaDB 10.11 waits forever for a connection that arrived as it began to shut down.
    const impatience = setTimeout(() => running?.kill(crash), 2500);
    await ended;
    clearTimeout(impatience);
    running = undefined;
  }

  return {
    dialect,
    administer,
    start,
    stop,
    async createDatabase() {
      const name = `reset_test_${(databases += 1)}`;
      await administer(urlOf(kind.admin), (db) => db.raw(`create database ${name}`));
      return urlOf(name);
    },
    async remove() {
      await stop('crash');
      removeFolderSync(folder);
    },
  };
}

/** Database servers refuse to run as root: in CI, which is root, they run as the users that Debian made for them. */
function ownerOf(name: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
