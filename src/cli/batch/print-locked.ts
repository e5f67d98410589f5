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
  sessionsEndThemselves: boolean,
): { now: (progress: Locked) => void; end: () => void } {
  let last: Locked | undefined;
  let toldAt = clock();
  const tell = ({ locked, sessionsEnded }: Locked) => {
    const sessions =
      sessionsEnded === 0 && sessionsEndThemselves
        ? 'their sessions end by themselves'
        : `${plural(sessionsEnded, 'session')} ended`;
    output.info(`${locked} of ${plural(all, 'password')} locked, ${sessions}`);
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
