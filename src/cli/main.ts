import { readFileSync } from 'node:fs';
import { forgetDebug } from '../config/environment.ts';
import { ERRORS, EXIT, isResetError } from '../errors.ts';

const VERSION_WORDS = ['--version', '-v', '-V', 'version'];

/** argv (without node and script) → exit code. The only catch that ends the process. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endUnlessClosed);
  process.stderr.on('error', () => undefined); // if nobody reads stderr any more, the exit code still says it
  if (argv.length === 1 && VERSION_WORDS.includes(argv[0] ?? '')) {
    process.stdout.write(`${readVersion()}\n`); // answered before anything else is loaded
    return EXIT.done;
  }
  forgetDebug();
  const [{ runProgram }, { awaitInterruption }] = await Promise.all([
    import('./program.ts'),
    import('./terminal/interruption.ts'),
  ]);
  const interruption = awaitInterruption();
  const { output, run } = await runProgram(argv, readVersion(), interruption);
  try {
    const code = await Promise.race([run(), interruption.atOnce]);
    return interruption.isByPerson ? EXIT.interrupted : code;
  } catch (error) {
    const [{ explainError }, { Interrupted }, { endWaiting }] = await Promise.all([
      import('../app.ts'),
      import('./terminal/ask.ts'),
      import('./terminal/waiting.ts'),
    ]);
    const explained = explainError(error);
    if (explained instanceof Interrupted) {
      endWaiting();
      if (interruption.leaving !== undefined) output().info(interruption.leaving);
      return exitNow(EXIT.interrupted);
    }
    if (isResetError(explained)) {
      output().error(explained);
      return ERRORS[explained.code].exit;
    }
    output().fault(explained);
    return EXIT.fault;
  } finally {
    interruption.release();
  }
}

/** The version in package.json. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Open connections would keep the process alive. Nothing is lost: every step is a transaction. */
function exitNow(code: number): never {
  // eslint-disable-next-line no-restricted-properties -- the one place that may: it is the end
  process.exit(code);
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
