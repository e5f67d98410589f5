import { withOutcome } from '../../db/errors.ts';
import { isResetError, ResetError } from '../../errors.ts';
import type { User } from '../../types.ts';
import type { UsersStore } from '../../users/store/users-store.ts';
import { retryWhileAway } from '../delivery/retry-while-away.ts';
import { programName } from '../../values/program-name.ts';

/** How long to wait for a database that went away in the middle of a reset, in milliseconds. */
const PATIENCE_MS = [250, 1000, 2000, 4000];

/**
 * After a failed reset on tables that cannot be rolled back: put the old hash back, look at what is stored, and give the
 * error with a sentence that says what is true now.
 */
export async function takeBack(
  store: UsersStore,
  user: User,
  encoded: string,
  error: ResetError,
): Promise<ResetError> {
  const tables = store.description.irrevocable ?? '';
  const look = () => store.restorePassword(user, encoded);
  const state = await retryWhileAway(look, PATIENCE_MS).catch((failure: unknown) => {
    if (isResetError(failure) || failure instanceof Error) return 'unknown' as const;
    throw failure;
  });
  switch (state) {
    case 'unchanged':
    case 'restored':
      return withOutcome(
        error,
        `The password is what it was before, but ${tables} cannot be rolled back: sessions may have ended.`,
      );
    case 'changed':
      return uncertain(
        error,
        `The stored hash of user ${user.id} is no longer what it was, and ${tables} cannot be rolled back. Send a new link.`,
      );
    case 'unknown':
      return uncertain(
        error,
        `It is unknown whether the password of user ${user.id} was changed, because ${tables} cannot be rolled back. See: ${programName} status`,
      );
  }
}

const uncertain = (error: ResetError, outcome: string): ResetError =>
  new ResetError(error.code, `${error.message} ${outcome}`, {
    cause: error,
    details: { ...error.details, isUncertain: true },
  });
