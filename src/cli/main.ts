import { readFileSync } from 'node:fs';
import { ERRORS, EXIT, isResetError } from '../errors.ts';

/** argv (without node and script) → exit code. The only catch that ends the process. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${readVersion()}\n`); // answered before anything else is loaded
    return EXIT.done;
  }
  const { runProgram } = await import('./program.ts');
  const interruption = new AbortController();
  const stop = () => {
    interruption.abort();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const { output, run } = await runProgram(argv, readVersion(), interruption.signal);
  try {
    return await run();
  } catch (error) {
    const [{ explainError }, { Interrupted }] = await Promise.all([import('../app.ts'), import('./ask.ts')]);
    const explained = explainError(error);
    if (explained instanceof Interrupted) return EXIT.interrupted;
    if (isResetError(explained)) {
      output().error(explained);
      return ERRORS[explained.code].exit;
    }
    output().fault(explained);
    return EXIT.fault;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** The version in package.json. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
