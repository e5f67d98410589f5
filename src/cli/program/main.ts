import { readFileSync, writeSync } from 'node:fs';
import { inPackage } from '../../values/package-folder.ts';
import { EXIT, exitNow } from '../terminal/exit.ts';

const STDOUT = 1;
const VERSION_WORDS = ['--version', '-v', '-V', 'version'];

const readVersion = (): string =>
  (JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as { version: string }).version;

const asksForVersion = (argv: readonly string[]): boolean =>
  argv.length === 1 && VERSION_WORDS.includes(argv[0] ?? '');

/** The process: `main`, except that the version is written before Node has opened its stream, which takes longer. */
export async function start(argv: readonly string[]): Promise<number> {
  if (asksForVersion(argv) && writeAtOnce(`${readVersion()}\n`)) return EXIT.done;
  return main(argv);
}

/** argv (without node and script) → exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endUnlessClosed);
  const version = readVersion();
  if (asksForVersion(argv)) {
    process.stdout.write(`${version}\n`); // answered before anything else is loaded
    return EXIT.done;
  }
  process.stderr.on('error', () => undefined); // if nobody reads stderr any more, the exit code still says it
  const { run } = await import('./run.ts');
  return run(argv, version);
}

/** False if it cannot be written this way: then the stream says why, or waits. */
function writeAtOnce(text: string): boolean {
  try {
    writeSync(STDOUT, text);
    return true;
  } catch {
    return false;
  }
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
