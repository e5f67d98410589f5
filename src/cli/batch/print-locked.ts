import { plural } from '../../values/plural.ts';
import type { Output } from '../terminal/output.ts';

interface Locked {
  readonly locked: number;
  readonly sessionsEnded: number;
}

/** One line per this interval: a million users are locked in five hundred steps. */
const LINE_MS = 2000;

/** How many passwords are locked so far, now and then, and once at the end. `clock` in milliseconds. */
export function printLocked(
  output: Output,
  all: number,
  clock: () => number,
  sessionsEndThemselves: boolean,
): { now: (progress: Locked) => void; end: () => void } {
  let last: Locked | undefined;
  let printedAt = clock();
  const print = ({ locked, sessionsEnded }: Locked) => {
    const sessions =
      sessionsEnded === 0 && sessionsEndThemselves
        ? 'their sessions end by themselves'
        : `${plural(sessionsEnded, 'session')} ended`;
    output.info(`${locked} of ${plural(all, 'password')} locked, ${sessions}`);
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
