import type { App } from '../../app.ts';
import { required } from '../../app.ts';
import { record, type AuditEvent } from '../../audit/record.ts';
import { inTransaction } from '../../db/transaction.ts';
import { createRequestId } from '../../outbox/enqueue.ts';
import { mintToken } from '../../tokens/mint-token.ts';
import { signToken } from '../../tokens/sign.ts';
import { insertTokens, type NewToken } from '../../tokens/token-store.ts';
import type { Actor } from '../../types.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { assertNativeSecret } from '../native/check-native-secret.ts';
import { onUsersSide } from '../both/users-side.ts';
import { findResettableUser } from '../users/find-resettable-user.ts';
import { issueNative, openNative } from '../native/native-link.ts';
import { toPersons } from '../native/open-site.ts';
import { linkLifeMs } from './link-life.ts';
import { linkTo } from '../../tokens/reset-link.ts';

export interface LinkResult {
  readonly email: string;
  readonly userId: string;
  readonly requestId: string;
  readonly url: string;
  readonly token: string;
  readonly expiresAt: string;
}

export interface LinkRequest {
  readonly identifier: Identifier;
  readonly actor: Actor;
  readonly expiresInMs?: number | undefined;
}

/**
 * Issue a token without a mail. Neither starts nor checks the cool-down; is recorded in the audit log. Throws user_*,
 * usage_invalid.
 */
export async function issueLink(
  app: App,
  { identifier, actor, expiresInMs }: LinkRequest,
): Promise<LinkResult> {
  const lifeMs = linkLifeMs(app.config, { askedMs: expiresInMs });
  const baseUrl = required(app.config, 'baseUrl', app.config.baseUrl);
  const keyring = await app.keyring();
  const store = await app.users();
  await assertNativeSecret(app);
  const native = await openNative(app);
  const user = await findResettableUser(app, identifier);
  const now = app.clock.now();
  const row = mintToken(keyring, user, {
    requestId: createRequestId(),
    now,
    lifeS: Math.floor(lifeMs / 1000),
    issuer: native?.issuer.name ?? null,
    occasion: 'support',
  });
  const own = await inTransaction(app.ledger, async (ledger) => {
    await insertTokens(ledger, [row], now);
    await record(ledger, now, issued(row, actor));
    if (!native) return undefined;
    // Last, because apart from ours it is committed first: a link that nobody has got may be left behind, but no row is.
    return onUsersSide(store, ledger, async (users) => {
      const [person] = await toPersons(native, users, [user]);
      return person && issueNative(native, keyring, { users, ledger }, { person, token: row }, now);
    });
  });
  const token = own?.token ?? signToken(keyring, row);
  return {
    email: user.email,
    userId: user.id,
    requestId: row.requestId,
    url: own?.link ?? linkTo(baseUrl, token),
    token,
    expiresAt: new Date(row.exp * 1000).toISOString(),
  };
}

const issued = ({ requestId, userId, issuer }: NewToken, actor: Actor): AuditEvent => ({
  event: 'link_issued',
  result: 'ok',
  actor,
  requestId,
  userId,
  details: issuer === null ? {} : { issuer },
});
