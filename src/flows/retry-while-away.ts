import { setTimeout as sleep } from 'node:timers/promises';
import { explainError } from '../app.ts';
import type { ResetError } from '../errors.ts';
import { detailsOf, isResetError } from '../errors.ts';

/** Is this a database that may come back, as opposed to one that refuses what we ask? */
export const isDatabaseAway = (error: unknown): error is ResetError =>
  isResetError(error) &&
  error.code === 'database_unavailable' &&
  detailsOf(error, error.code).isFinal !== true;

/**
 * Try again while the database is away, after each of these pauses (milliseconds); a signal ends the waiting.
 * Throws what the last attempt threw, in our words.
 */
export async function retryWhileAway<T>(
  attempt: () => Promise<T>,
  pausesMs: readonly number[],
  signal?: AbortSignal,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const explained = explainError(error);
      const pauseMs = pausesMs[tries];
      if (!isDatabaseAway(explained) || pauseMs === undefined || signal?.aborted === true) throw explained;
      await sleep(pauseMs, undefined, signal && { signal }).catch(() => undefined);
    }
  }
}
