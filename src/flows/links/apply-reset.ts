import type { App } from '../../app.ts';
import { isDeepStrictEqual } from 'node:util';
import { recordRepeats } from '../../audit/record-repeats.ts';
import { isResetError, ResetError } from '../../errors.ts';
import type { Actor, User } from '../../types.ts';
import { assertPassword } from '../passwords/check-new-password.ts';
import { commitReset } from './commit-reset.ts';
import { hashNewPassword, weaknessAdvice } from '../passwords/hash-new-password.ts';
import type { GoodToken } from './verify-reset-token.ts';
import { openToken } from './verify-reset-token.ts';
import { programName } from '../../values/program-name.ts';
import { causeOf } from '../../log.ts';

export interface ApplyResult {
  readonly status: 'applied';
  readonly userId: string;
  readonly email: string;
  readonly hashFormat: string;
  readonly sessionsEnded: number;
  /** the application drops every session of an old hash by itself */
  readonly sessionsEndThemselves: boolean;
  readonly requestId: string;
  /** what SQL can't reach, in words for the operator */
  readonly advice: readonly string[];
}

/**
 * Set the new password, as it was typed, with a token that `openToken` gave. Hashing comes before the transaction and holds no lock (R23); inside, the write
 * is the claim (R22). Throws token_*, user_*, password_rejected, throttled (too many hashes at once),
 * database_unavailable; with `details.isUncertain` the password may have been changed.
 */
export async function applyReset(
  app: App,
  good: GoodToken,
  password: string,
  actor: Actor,
): Promise<ApplyResult> {
  const accepted = await acceptPassword(app, good, password, actor);
  const hash = await hashNewPassword(app, good.user, accepted);
  const { encoded, format } = hash;
  const sessionsEnded = await commitReset(app, good, { encoded, format, actor });
  const { places, sessionsEndWithHash, advice } = (await app.users()).description;
  if (sessionsEnded === undefined) {
    const again = await openToken(app, good.token, actor); // says what happened meanwhile
    throw explainUnwritten(good.user, again.user, places.password);
  }
  await forgetCounters(app, good);
  return {
    status: 'applied',
    userId: good.user.id,
    email: good.user.email,
    hashFormat: format,
    sessionsEnded,
    requestId: good.row.requestId,
    sessionsEndThemselves: sessionsEndWithHash,
    advice: [...advice, ...weaknessAdvice(hash)],
  };
}

/** The token is still good: the user changed for a moment, or the database keeps the row from being written. */
function explainUnwritten(before: User, now: User, table: string): ResetError {
  return isDeepStrictEqual(before.seen, now.seen)
    ? new ResetError(
        'config_invalid',
        `The database did not write the password of user ${now.id}, although nothing else had changed. Nothing was changed, and the link still works. Look for row-level security, triggers and rules on ${table}, then: ${programName} doctor`,
      )
    : new ResetError('token_used', 'The user changed while the password was being set. Send a new link.');
}

/** The policy's refusal goes into the audit log; the token stays good (R90). */
async function acceptPassword(
  app: App,
  { user, row }: GoodToken,
  password: string,
  actor: Actor,
): Promise<string> {
  try {
    return await assertPassword(app, user, password);
  } catch (error) {
    if (isResetError(error)) {
      await recordRepeats(app.ledger, app.clock.now(), {
        event: 'password_change_failed',
        result: error.code,
        actor,
        requestId: row.requestId,
        userId: user.id,
      });
    }
    throw error;
  }
}

/** The password is changed already: a database that goes away now must not make it look as if it were not. */
async function forgetCounters(app: App, { user, row: { requestId } }: GoodToken): Promise<void> {
  try {
    await (await app.throttle()).clear(user.id);
  } catch (error) {
    app.log.warn('counters_kept', { requestId, cause: causeOf(error) });
  }
}
