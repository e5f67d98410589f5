import { programName } from '../../values/program-name.ts';
import type { Context } from '../command/context.ts';

/**
 * The first Ctrl-C pauses and waits for the mails in transit; the second ends the process at once, after saying in
 * which state it leaves the batch, because nothing else will.
 */
export function watchSecondInterruption(
  { output, signal }: Context,
  id: string,
  clear: () => void,
): { paused: () => void; release: () => void } {
  let isPaused = false;
  const end = () => {
    clear(); // the progress bar, which hides the cursor
    const state = isPaused
      ? `Batch ${id} is paused. Mails in transit may have arrived, and are tried again when it resumes`
      : `Batch ${id} could not be paused in time, so a running worker continues it. Stop it: ${programName} batch pause ${id}`;
    output.warn(`Stopped at once. ${state}. Resume it: ${programName} batch resume ${id}`);
    process.kill(process.pid, 'SIGINT'); // with no listener left, it ends the process
  };
  const listen = () => {
    process.once('SIGINT', end); // from the next one on
  };
  signal.addEventListener('abort', listen, { once: true });
  return {
    paused: () => {
      isPaused = true;
    },
    release: () => {
      signal.removeEventListener('abort', listen);
      process.off('SIGINT', end);
    },
  };
}
