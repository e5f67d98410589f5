import type { ResetError } from '../errors.ts';
import { isResetError } from '../errors.ts';

/** Is this a database that may come back, as opposed to one that refuses what we ask? */
export const isDatabaseAway = (error: unknown): error is ResetError =>
  isResetError(error) && error.code === 'database_unavailable' && error.details['isFinal'] !== true;
