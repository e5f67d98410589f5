import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { inTransaction } from '../db/transaction.ts';
import { isResetError, ResetError } from '../errors.ts';
import { enqueue } from '../outbox/enqueue.ts';
import { revokeTokensOf, useToken } from '../tokens/token-store.ts';
import type { Actor } from '../types.ts';
import { runOnReset } from '../users/on-reset.ts';
import { writePassword } from '../users/write-password.ts';
import { assertPassword } from './check-new-password.ts';
import { hashNewPassword } from './hash-new-password.ts';
import type { GoodToken } from './verify-reset-token.ts';
import { verifyForUse } from './verify-reset-token.ts';

export interface ApplyInput {
  readonly token: string;
  /** as typed */
  readonly password: string;
  readonly actor: Actor;
}

export interface ApplyResult {
  readonly status: 'applied';
  readonly userId: string;
  readonly email: string;
  readonly hashFormat: string;
  readonly sessionsEnded: number;
  readonly requestId: string;
  /** what SQL can't reach, in words for the operator */
  readonly advice: readonly string[];
}

/**
 * Set the new password with a token. Hashing comes before the transaction and holds no lock (R23); inside, the write
 * is the claim (R22). Throws token_*, user_*, password_rejected, throttled (too many hashes at once).
 */
export async function applyReset(app: App, { token, password, actor }: ApplyInput): Promise<ApplyResult> {
  const good = await verifyForUse(app, token, actor);
  const accepted = await acceptPassword(app, good, password, actor);
  const { encoded, format } = await hashNewPassword(app, good.user, accepted);
  const sessionsEnded = await commit(app, good, encoded, actor, format);
  if (sessionsEnded === undefined) {
    await verifyForUse(app, token, actor); // says what happened meanwhile
    throw new ResetError('token_used', 'The user changed while the password was being set. Send a new link.');
  }
  await (await app.throttle()).clear(good.user.id);
  return {
    status: 'applied',
    userId: good.user.id,
    email: good.user.email,
    hashFormat: format,
    sessionsEnded,
    requestId: good.row.requestId,
    advice: (await app.mapping()).advice,
  };
}

/** The policy's refusal goes into the audit; the token stays good (R90). */
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
      await record(app.db, app.clock.now(), {
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

/** Thrown to roll back when somebody else was faster. */
class Lost extends ResetError {}

async function commit(
  app: App,
  { user, row }: GoodToken,
  encoded: string,
  actor: Actor,
  format: string,
): Promise<number | undefined> {
  const mapping = await app.mapping();
  try {
    return await inTransaction(app.db, async (trx) => {
      const now = app.clock.now();
      if (!(await writePassword(trx, mapping, user, encoded, now)))
        throw new Lost('token_used', 'The user changed.');
      if (!(await useToken(trx, row, now))) throw new Lost('token_used', 'The token was spent.');
      await revokeTokensOf(trx, user.id, 'sibling_used', now);
      const { sessionsEnded } = await runOnReset(trx, mapping, user, now);
      const { requestId } = row;
      await enqueue(
        trx,
        { requestId, kind: 'notice', userId: user.id, recipient: user.email, actor, expiresInMs: 0 },
        now,
      );
      const details = { hashFormat: format, sessionsEnded };
      await record(trx, now, {
        event: 'password_changed',
        result: 'ok',
        actor,
        requestId,
        userId: user.id,
        details,
      });
      return sessionsEnded;
    });
  } catch (error) {
    if (error instanceof Lost) return undefined;
    throw error;
  }
}
