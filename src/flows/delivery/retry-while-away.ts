import { setTimeout as sleep } from 'node:timers/promises';
import { explainError } from '../../app.ts';
import type { ResetError } from '../../errors.ts';
import { detailsOf, isResetError } from '../../errors.ts';

/** Is the database away and may come back, rather than refusing the request? */
export const isDatabaseAway = (error: unknown): error is ResetError =>
  isResetError(error) &&
  error.code === 'database_unavailable' &&
  detailsOf(error, error.code).isFinal !== true;

/**
 * Try again while the database is away, after each of these pauses (milliseconds); a signal ends the waiting. Throws
 * the last attempt's error as a ResetError.
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
