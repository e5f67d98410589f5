import { availableParallelism } from 'node:os';
import { ResetError } from '../errors.ts';

export interface HashQueueOptions {
  /** how many run at a time */
  readonly concurrency: number;
  /** how many may wait; the next one is refused and may come back */
  readonly maxWaiting: number;
}

export interface HashQueue {
  /** Runs the job when its turn comes; throws `throttled` with `details.busy` when too many wait already. */
  run<T>(job: () => Promise<T>): Promise<T>;
}

/** A quarter of a second each, so about what a person waits before giving up; the HTTP side says it in Retry-After. */
const RETRY_AFTER_SECONDS = 5;

/** First come, first served, bounded on both sides (R41, R42): memory-hard hashes must not pile up. */
export function createHashQueue({ concurrency, maxWaiting }: HashQueueOptions): HashQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  const takeTurn = async (): Promise<void> => {
    if (running < concurrency) {
      running += 1;
      return;
    }
    if (waiting.length >= maxWaiting) throw tooBusy(waiting.length);
    await new Promise<void>((resolve) => waiting.push(resolve));
  };

  // The turn is handed over, not given back: `running` stays, so nobody can slip in between.
  const endTurn = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };

  return {
    async run(job) {
      await takeTurn();
      try {
        return await job();
      } finally {
        endTurn();
      }
    },
  };
}

function tooBusy(waiting: number): ResetError {
  return new ResetError(
    'throttled',
    `${waiting} password hashes are already waiting. Try again in a moment.`,
    {
      details: { busy: true, retryAfterSeconds: RETRY_AFTER_SECONDS },
    },
  );
}

/** The queue of this process. One core stays free for everything else (`/healthz`, the outbox). */
export const hashQueue: HashQueue = createHashQueue({
  concurrency: Math.max(1, availableParallelism() - 1),
  maxWaiting: 64,
});
