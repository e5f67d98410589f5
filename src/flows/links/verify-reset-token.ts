import { ago, localTime } from '../../values/instant.ts';
import { sendHint } from '../../values/send-hint.ts';
import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { recordRepeats } from '../../audit/record-repeats.ts';
import { detailsOf, isResetError, ResetError } from '../../errors.ts';
import type { Claims } from '../../tokens/claims.ts';
import { matchesFingerprint } from '../../tokens/fingerprint.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import type { TokenRow } from '../../tokens/token-store.ts';
import { findToken } from '../../tokens/token-store.ts';
import { verifyToken } from '../../tokens/verify.ts';
import type { Actor, User } from '../../types.ts';
import { afterSettling } from '../both/settle-intents.ts';
import { assertResettable } from '../users/find-resettable-user.ts';

/** The row of a token that could be used this moment, and whose it is. */
export interface LiveToken {
  readonly row: TokenRow;
  readonly user: User;
}

/** A verified token with all that using it needs. Only the write finds out whether it still is good (R22). */
export interface GoodToken extends LiveToken {
  /** as signed, to find out what happened after a lost race */
  readonly token: string;
}

/**
 * Is this token good? Reads only (R21), but finishes what a process left that died in the middle of using it. Throws
 * token_invalid, token_expired, token_used, token_revoked, user_not_found, user_inactive.
 */
export async function verifyResetToken(app: App, token: string): Promise<GoodToken> {
  const keyring = await app.keyring();
  const signed = token.trim();
  const claims = verifyToken(keyring, signed, { now: app.clock.now() });
  return afterSettling(app, claims.sub, async () => {
    // The user first: whoever sees the new password then also sees that the token is used, and reports that.
    const store = await app.users();
    const user = (await store.get([claims.sub])).get(claims.sub);
    const row = assertLive(await findToken(app.ledger, { jti: claims.jti }), claims, app.clock.now());
    return { token: signed, ...assertCurrent(keyring, claims, row, user) };
  });
}

/** The token's row, if it is this user's and still live. Throws token_invalid, token_used, token_revoked. */
export function assertLive(row: TokenRow | undefined, claims: Claims, now: number): TokenRow {
  if (row?.userId !== claims.sub) throw unknownToken();
  assertUnused(row, now);
  return row;
}

/** The token's user, if nothing changed since it was issued. Throws user_not_found, user_inactive, token_revoked. */
export function assertCurrent(
  keyring: Keyring,
  claims: Claims,
  row: TokenRow,
  user: User | undefined,
): LiveToken {
  if (!user) {
    throw new ResetError('user_not_found', `The user of this token (${row.userId}) no longer exists.`, {
      details: { userId: row.userId },
    });
  }
  assertResettable(user);
  const key = keyring.all.get(row.kid);
  if (!key || !matchesFingerprint(key, user, claims.fp)) {
    throw revoked(
      `The password or the e-mail address has changed since this link was sent. ${sendHint(row.userId)}`,
      'changed',
    );
  }
  return { row, user };
}

/**
 * Verify a token that somebody is about to use, once; a refusal goes into the audit log (R90). Throws what
 * `verifyResetToken` throws.
 *
 * @param beforeAudit gets the refusal first, and may throw to keep it out of the audit
 */
export async function openToken(
  app: App,
  token: string,
  actor: Actor,
  beforeAudit?: (error: unknown) => Promise<void>,
): Promise<GoodToken> {
  try {
    return await verifyResetToken(app, token);
  } catch (error) {
    await beforeAudit?.(error);
    if (isResetError(error)) {
      const isReuse = error.code === 'token_used';
      const { reason } = { ...detailsOf(error, 'token_invalid'), ...detailsOf(error, 'token_revoked') };
      // Guesses are stopped by network address before they come here; a link that is dead is not.
      const write = error.code === 'token_invalid' ? record : recordRepeats;
      await write(app.ledger, app.clock.now(), {
        event: isReuse ? 'token_reused' : 'token_verify_failed',
        result: error.code,
        actor,
        details: reason === undefined ? {} : { reason },
      });
    }
    throw error;
  }
}

function assertUnused(row: TokenRow, now: number): void {
  switch (row.state) {
    case 'live':
      return;
    case 'used': {
      const at =
        row.settledAt === null ? '' : ` at ${localTime(row.settledAt, now)} (${ago(row.settledAt, now)})`;
      throw new ResetError('token_used', `This link was used${at}. ${sendHint(row.userId)}`);
    }
    case 'revoked':
      throw revoked(
        `This link is no longer valid (${REVOKED_BECAUSE[row.reason ?? ''] ?? 'it was revoked'}). ${sendHint(row.userId)}`,
        row.reason ?? 'revoked',
      );
  }
}

const REVOKED_BECAUSE: Readonly<Record<string, string>> = {
  operator: 'an operator revoked it',
  sibling_used: 'another link of the same user was used',
  too_many: 'three newer ones were sent',
};

const revoked = (message: string, reason: string) =>
  new ResetError('token_revoked', message, { details: { reason } });

const unknownToken = () =>
  new ResetError('token_invalid', 'This token was never issued here. Was it issued for another database?', {
    details: { reason: 'unknown' },
  });
