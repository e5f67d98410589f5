import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { findProgram } from './find-program.ts';
import { findFreePort } from './free-port.ts';
import { removeFolder } from './temporary-folder.ts';

/** How many connections to PostgreSQL all clients share. */
export const POOL_SIZE = 2;

/**
 * A PgBouncer in front of this database's server until the test ends, which gives a connection of its pool to each
 * transaction. Gives the URL of the same database through it; `more` are lines of its configuration.
 */
export async function startPgbouncer(url: string, more: readonly string[] = []): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reset-pgbouncer-'));
  await chmod(folder, 0o755);
  const { hostname, port, username } = new URL(url);
  const listenPort = await findFreePort();
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    ...['[databases]', `* = host=${hostname} port=${port || '5432'} user=${username}`, '[pgbouncer]'],
    ...['listen_addr = 127.0.0.1', `listen_port = ${listenPort}`, 'unix_socket_dir =', 'auth_type = any'],
    ...['pool_mode = transaction', `default_pool_size = ${POOL_SIZE}`, ...more],
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  // It refuses to run as root.
  const nobody = process.getuid?.() === 0 ? Number(execFileSync('id', ['-u', 'nobody'])) : undefined;
  const running = spawn(findProgram('pgbouncer') ?? '', ['-q', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
    ...(nobody === undefined ? {} : { uid: nobody }),
  });
  const ended = once(running, 'exit');
  onTestFinished(async () => {
    running.kill('SIGTERM'); // at once, without waiting for its clients
    await ended;
    await removeFolder(folder);
  });
  for (const end = Date.now() + 30_000; !(await answers(listenPort)); await sleep(50)) {
    if (running.exitCode !== null || Date.now() > end) throw new Error('PgBouncer does not answer.');
  }
  const through = new URL(url);
  through.host = `127.0.0.1:${listenPort}`;
  return through.href;
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
