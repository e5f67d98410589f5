import { spawn, type ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bin, cleanEnvironment, makeSetup } from '../../helpers/run-reset.ts';

/** As systemd does for a `.socket` unit: holds the socket, passes it as descriptor 3, starts the service again. */
const SUPERVISOR = 'while :; do "$@" & echo "started $!"; wait $!; done';

interface Supervised {
  readonly port: number;
  /** ids of the processes that were started, oldest first */
  readonly pids: readonly number[];
  readonly log: () => string;
}

async function superviseServe(folder: string): Promise<Supervised> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as { port: number };
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
  const command = [process.execPath, bin, 'serve', '--host', 'fd:3', '--log-format', 'json'];
  const shell: ChildProcess = spawn('sh', ['-c', SUPERVISOR, 'sh', ...command], {
    cwd: folder,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe', fd],
    detached: true,
  });
  socket.close(); // the supervisor's copy lives on
  const pids: number[] = [];
  let log = '';
  shell.stdout?.on('data', (text: Buffer) => {
    for (const [, pid] of text.toString().matchAll(/started (\d+)/g)) pids.push(Number(pid));
  });
  shell.stderr?.on('data', (text: Buffer) => (log += text.toString()));
  onTestFinished(() => void process.kill(-(shell.pid ?? 0), 'SIGKILL'));
  return { port, pids, log: () => log };
}

/** A request over a connection of its own, as a proxy makes it. */
function ask(port: number, method: 'GET' | 'POST'): Promise<number> {
  const body = method === 'POST' ? 'email=susan%40example.com' : '';
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, method, path: '/reset_password_request', headers, agent: false },
      (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    sent.once('error', reject).end(body);
  });
}

describe('a restart of reset serve behind a socket that stays open', () => {
  it('drops no request and no typed address', async () => {
    const { folder } = await makeSetup();
    const served = await superviseServe(folder);
    expect(await ask(served.port, 'GET')).toBe(200);

    const statuses: Promise<number>[] = [];
    const timer = setInterval(() => {
      // 20 of a minute's 30 typed addresses, the rest visitors
      const method = statuses.length % 10 === 0 && statuses.length < 200 ? 'POST' : 'GET';
      statuses.push(ask(served.port, method));
    }, 15);
    for (const restart of [1, 2]) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      process.kill(served.pids.at(-1) ?? 0, 'SIGTERM');
      await expect.poll(() => served.pids.length).toBe(restart + 1);
      await expect.poll(() => served.log().split('"listening"').length).toBe(restart + 2);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    clearInterval(timer);
    const settled = await Promise.allSettled(statuses);
    const lost = settled.filter((one) => one.status === 'rejected' || ![200, 303].includes(one.value));
    expect(settled.length).toBeGreaterThan(100);
    expect(lost).toEqual([]);
    const typed = settled.filter((one) => one.status === 'fulfilled' && one.value === 303).length;
    // Every typed address was handled, by one process or the other.
    await expect.poll(() => served.log().match(/"request_(?:queued|refused)"/g)?.length).toBe(typed);
    for (const line of served.log().trimEnd().split('\n')) expect(JSON.parse(line)).toBeTypeOf('object');
  });

  it('says what to do when no socket was passed', async () => {
    const { run } = await makeSetup();
    const { code, error } = await run(['serve', '--host', 'fd:9', '--json']);
    expect(code).toBe(3);
    expect(error().message).toMatch(/Start it through the \.socket unit/);
  });
});
