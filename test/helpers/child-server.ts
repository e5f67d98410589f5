import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server of one test alone, run in the foreground. */
export interface ChildServer {
  /** resolves when the process is over */
  stop(): Promise<void>;
}

/** Starts it and waits until somebody listens at `port`. Throws with what it printed when it ends before. */
export async function startChildServer(
  program: string,
  args: readonly string[],
  port: number,
): Promise<ChildServer> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, 'exit');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  for (const end = Date.now() + 30_000; !(await answers(port)); await sleep(100)) {
    if (!hasEnded() && Date.now() < end) continue;
    child.kill('SIGKILL');
    throw new Error(`${program} does not listen at port ${port}: ${printed}`);
  }
  return {
    async stop() {
      child.kill('SIGTERM');
      if (!hasEnded()) await ended;
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false)).once('connect', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });
