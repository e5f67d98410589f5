import { plural } from '../../values/plural.ts';
import type { Output } from '../terminal/output.ts';

interface Locked {
  readonly locked: number;
  readonly sessionsEnded: number;
}

/** Lines at this distance: a million users are locked in five hundred steps. */
const LINE_MS = 2000;

/** How many passwords are locked so far, now and then, and once at the end. `clock` in milliseconds. */
export function printLocked(
  output: Output,
  all: number,
  clock: () => number,
): { now: (progress: Locked) => void; end: () => void } {
  let last: Locked | undefined;
  let printedAt = clock();
  const print = ({ locked, sessionsEnded }: Locked) => {
    output.info(`${locked} of ${plural(all, 'password')} locked, ${plural(sessionsEnded, 'session')} ended`);
  };
  return {
    now(progress) {
      last = { ...progress };
      if (clock() - printedAt < LINE_MS) return;
      printedAt = clock();
      print(last);
      last = undefined;
    },
    end() {
      if (last) print(last);
    },
  };
}
