import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { bin, cleanEnvironment, plain, type Setup } from './run-reset.ts';

/** A started `reset apply` that has opened the database and waits for its password. */
export interface Waiting {
  readonly pid: number;
  give(password: string): void;
  readonly ended: Promise<{ code: number | undefined; error: string | undefined }>;
}

export function startApply(setup: Setup, tokenFile: string): Waiting {
  const args = [bin, 'apply', '--token-file', tokenFile, '--password-stdin', '--json'];
  const child = execa(process.execPath, args, {
    ...plain,
    cwd: setup.folder,
    env: cleanEnvironment(),
    stdin: 'pipe',
  });
  return {
    pid: child.pid ?? 0,
    give: (password) => child.stdin.end(`${password}\n`),
    ended: child.then(({ exitCode, stderr }) => ({
      code: exitCode,
      error: /"code":"(\w+)"/.exec(stderr)?.[1],
    })),
  };
}

/** It has the database open, sleeps, and has used no processor time for a while, so it is waiting for standard input. */
export async function untilWaiting(
  pid: number,
  isOpen: () => boolean | Promise<boolean> = () => hasFileOpen(pid),
): Promise<void> {
  for (let before = '', quiet = 0; quiet < 3; await sleep(50)) {
    const words = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const spent = words.slice(11, 13).join(' ');
    // `R`: it would go on if it had a processor
    quiet = words[0] === 'S' && spent === before && (await isOpen()) ? quiet + 1 : 0;
    before = spent;
  }
}

const hasFileOpen = (pid: number): boolean => filesOf(pid).some((file) => file.endsWith('app.db'));

const filesOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return ''; // closed meanwhile
    }
  });
