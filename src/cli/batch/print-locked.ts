import { plural } from '../../values/plural.ts';
import type { Output } from '../terminal/output.ts';

interface Locked {
  readonly locked: number;
  readonly sessionsEnded: number;
}

/** Lines at this distance: a million users are locked in five hundred steps. */
const LINE_MS = 2000;

/** How many passwords are locked so far, now and then, and once at the end. `clock` in milliseconds. */
export function tellLocked(
  output: Output,
  all: number,
  clock: () => number,
): { now: (progress: Locked) => void; end: () => void } {
  let last: Locked | undefined;
  let toldAt = clock();
  const tell = ({ locked, sessionsEnded }: Locked) => {
    output.info(`${locked} of ${plural(all, 'password')} locked, ${plural(sessionsEnded, 'session')} ended`);
  };
  return {
    now(progress) {
      last = { ...progress };
      if (clock() - toldAt < LINE_MS) return;
      toldAt = clock();
      tell(last);
      last = undefined;
    },
    end() {
      if (last) tell(last);
    },
  };
}
