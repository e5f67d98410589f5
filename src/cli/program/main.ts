import { readFileSync } from 'node:fs';
import { inPackage } from '../../values/package-folder.ts';
import { EXIT, exitNow } from '../terminal/exit.ts';

const VERSION_WORDS = ['--version', '-v', '-V', 'version'];

/** argv (without node and script) → exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endUnlessClosed);
  const { version } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as { version: string };
  if (argv.length === 1 && VERSION_WORDS.includes(argv[0] ?? '')) {
    process.stdout.write(`${version}\n`); // answered before anything else is loaded
    return EXIT.done;
  }
  process.stderr.on('error', () => undefined); // if nobody reads stderr any more, the exit code still says it
  const { run } = await import('./run.ts');
  return run(argv, version);
}

/**
 * `reset user list | head` has seen enough, and work in progress continues. If the output was wanted and could not be
 * written, that is reported, and the exit code is never that of success.
 */
function endUnlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`✗ The output can't be written: ${error.message}\n`);
  exitNow(EXIT.fault);
}
