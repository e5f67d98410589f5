import { spawn } from 'node:child_process';
import { processEnvironment } from '../../config/environment.ts';
import type { Output } from '../terminal/output.ts';

/** A text at a terminal: through $PAGER (else `less -R`) when it is longer than the screen, as git and man do. */
export async function page(text: string, output: Output): Promise<void> {
  const { PAGER = 'less -R' } = processEnvironment();
  const [program, ...args] = PAGER.trim().split(/\s+/);
  const fits = text.split('\n').length < process.stdout.rows;
  if (fits || !program || program === 'cat' || !(await runPager(program, args, text))) output.raw(text);
}

/** False if there is no such program. Runs without a shell, so $PAGER can hold a program and its options, and nothing else. */
function runPager(program: string, args: readonly string[], text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'] });
    child.once('error', () => {
      resolve(false);
    });
    child.once('close', () => {
      resolve(true);
    });
    child.stdin.on('error', () => undefined); // a reader who has seen enough quits it
    child.stdin.end(`${text}\n`);
  });
}
