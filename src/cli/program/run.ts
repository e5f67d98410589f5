import { forgetDebug } from '../../config/environment.ts';
import { ERRORS, isResetError } from '../../errors.ts';
import { runProgram } from './run-program.ts';
import { Interrupted } from '../terminal/ask.ts';
import { EXIT, exitNow } from '../terminal/exit.ts';
import { awaitInterruption } from '../terminal/interruption.ts';

/** Runs a command; gives its exit code. The only catch that ends the process. */
export async function run(argv: readonly string[], version: string): Promise<number> {
  forgetDebug();
  const interruption = awaitInterruption();
  const { output, run: runCommand } = await runProgram(argv, version, interruption);
  try {
    const code = await Promise.race([runCommand(), interruption.atOnce]);
    return interruption.isByPerson ? EXIT.interrupted : code;
  } catch (error) {
    const [{ explainError }, { endWaiting }] = await Promise.all([
      import('../../app.ts'),
      import('../terminal/waiting.ts'),
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
