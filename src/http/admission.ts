import { ResetError } from '../errors.ts';

/** As many as may wait for their hash (R42): whoever is admitted here finds room there. */
const MAX_INSIDE = 64;
const RETRY_AFTER_SECONDS = 5;

/** Runs the job, or throws throttled with details.busy before it has begun. */
export type Admission = <T>(job: () => Promise<T>) => Promise<T>;

/**
 * A bounded number of new passwords at a time, from the first look at the link to the end. In a flood, looking up
 * those who are then turned away would take the database from everybody who only opens a page.
 */
export function createAdmission(maxInside = MAX_INSIDE): Admission {
  let inside = 0;
  return async (job) => {
    if (inside >= maxInside) {
      throw new ResetError('throttled', `${inside} new passwords are being set. Try again in a moment.`, {
        details: { busy: true, retryAfterSeconds: RETRY_AFTER_SECONDS },
      });
    }
    inside += 1;
    try {
      return await job();
    } finally {
      inside -= 1;
    }
  };
}
