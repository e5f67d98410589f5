import { localStamp } from '../../values/instant.ts';
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
import { getUsers } from '../../users/reading/find-user.ts';
import { assertResettable } from '../users/find-resettable-user.ts';

/** A token that could be used this moment, and whose it is. */
export interface GoodToken {
  readonly row: TokenRow;
  readonly user: User;
}

/**
 * Is this token good? Reads only (R21). Throws token_invalid, token_expired, token_used, token_revoked,
 * user_not_found, user_inactive.
 */
export async function verifyResetToken(app: App, token: string): Promise<GoodToken> {
  const keyring = await app.keyring();
  const claims = verifyToken(keyring, token.trim(), { now: app.clock.now() });
  // The user first: whoever sees the new password then also sees that the token is used, and tells that.
  const user = (await getUsers(app.db, await app.mapping(), [claims.sub])).get(claims.sub);
  const row = assertLive(await findToken(app.db, { jti: claims.jti }), claims);
  return assertCurrent(keyring, claims, row, user);
}

/** The token's row, if it is this user's and unspent. Throws token_invalid, token_used, token_revoked. */
export function assertLive(row: TokenRow | undefined, claims: Claims): TokenRow {
  if (row?.userId !== claims.sub) throw unknownToken();
  assertUnspent(row);
  return row;
}

/** The token's user, if nothing changed since it was issued. Throws user_not_found, user_inactive, token_revoked. */
export function assertCurrent(
  keyring: Keyring,
  claims: Claims,
  row: TokenRow,
  user: User | undefined,
): GoodToken {
  if (!user) {
    throw new ResetError('user_not_found', `The user ${row.userId} of this token is gone.`, {
      details: { userId: row.userId },
    });
  }
  assertResettable(user);
  const key = keyring.all.get(row.kid);
  if (!key || !matchesFingerprint(key, user, claims.fp)) {
    throw revoked(
      'The password or the e-mail address changed since this link was sent. Send a new one.',
      'changed',
    );
  }
  return { row, user };
}

/** The same, and what was wrong goes into the audit: for those who try to use a token (R90). */
export async function verifyForUse(app: App, token: string, actor: Actor): Promise<GoodToken> {
  try {
    return await verifyResetToken(app, token);
  } catch (error) {
    if (isResetError(error)) {
      const isReuse = error.code === 'token_used';
      const { reason } = { ...detailsOf(error, 'token_invalid'), ...detailsOf(error, 'token_revoked') };
      // Guesses are stopped by network address before they come here; a link that is dead is not.
      const write = error.code === 'token_invalid' ? record : recordRepeats;
      await write(app.db, app.clock.now(), {
        event: isReuse ? 'token_reused' : 'token_verify_failed',
        result: error.code,
        actor,
        details: reason === undefined ? {} : { reason },
      });
    }
    throw error;
  }
}

function assertUnspent(row: TokenRow): void {
  switch (row.state) {
    case 'live':
      return;
    case 'used': {
      const at = row.settledAt === null ? '' : ` at ${localStamp(row.settledAt)}`;
      throw new ResetError('token_used', `This link was already used${at}. Send a new one.`);
    }
    case 'revoked':
      throw revoked(
        `This link is no longer valid (${REVOKED_BECAUSE[row.reason ?? ''] ?? 'it was revoked'}). Send a new one.`,
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
  new ResetError('token_invalid', 'This token was never issued here. Was it made for another database?', {
    details: { reason: 'unknown' },
  });
