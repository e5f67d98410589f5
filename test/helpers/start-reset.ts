import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { findFreePort } from './free-port.ts';
import { bin, cleanEnvironment, plain, type Setup } from './run-reset.ts';

export interface Running {
  readonly pid: number;
  /** what it said on stderr so far */
  readonly log: () => string;
  /** SIGTERM, and no SIGKILL however long it takes; gives the exit code */
  stop(): Promise<number | undefined>;
  /** SIGKILL, and waits until it is gone */
  kill(): Promise<void>;
}

/** A `reset …` that runs until it is stopped, at the latest with the test. */
export function startReset(setup: Setup, args: readonly string[]): Running {
  const child = execa(process.execPath, [bin, ...args], {
    ...plain,
    cwd: setup.folder,
    env: cleanEnvironment(),
    stdin: 'ignore',
    forceKillAfterDelay: false,
  });
  let log = '';
  child.stderr.on('data', (text: Buffer) => (log += text.toString()));
  onTestFinished(() => void child.kill('SIGKILL'));
  const stop = async () => {
    child.kill('SIGTERM');
    return (await child).exitCode;
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await child;
  };
  return { pid: child.pid ?? 0, log: () => log, stop, kill };
}

/** `reset serve` on a port of its own, once it listens; the log is JSON. */
export async function startServe(setup: Setup): Promise<Running & { readonly url: string }> {
  const port = await findFreePort();
  const served = startReset(setup, ['serve', '--port', String(port), '--log-format', 'json']);
  await expect.poll(served.log).toContain('"listening"');
  return { ...served, url: `http://127.0.0.1:${port}` };
}

/** A form as a browser posts it, without following the redirect. */
export const postForm = (url: string, fields: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
