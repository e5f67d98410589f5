import { spawn, spawnSync } from 'node:child_process';
import { freePort } from './free-port.js';

const SESSIONS = 500;

/** The path of one of Postfix's test programs; undefined when it is not here. */
export const findProgram = (name) =>
  [`/usr/sbin/${name}`, `/usr/bin/${name}`, name].find((path) => spawnSync(path, ['-h']).error === undefined);

/** A server that takes every mail and forgets it; undefined without Postfix. */
export async function openSink() {
  const binary = findProgram('smtp-sink');
  if (binary === undefined) {
    console.log('  smtp-sink is not here: install postfix to measure this');
    return undefined;
  }
  const port = await freePort();
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const sink = spawn(binary, [...asUser, `127.0.0.1:${port}`, String(SESSIONS)], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { port, close: () => sink.kill() };
}
