import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { inTransaction } from '../../db/transaction.ts';
import { skipQueued } from '../../outbox/skip-queued.ts';
import { revokeOwnTokens } from '../../tokens/revoke-tokens.ts';
import type { Actor } from '../../types.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { settleIntents } from '../both/settle-intents.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';
import { explainStillGood, openRevokeNeeds, revokeNatives } from '../native/revoke-native.ts';

export interface RevokeResult {
  readonly status: 'revoked';
  readonly userId?: string;
  readonly email?: string;
  /** links that were live */
  readonly revoked: number;
  /** reset mails that were still queued and will not go out */
  readonly unqueued: number;
  /** links of the application itself that nothing here can end, and why */
  readonly stillGood?: { readonly links: number; readonly message: string };
}

/** Revoke every live link of one user, and those still in the outbox. Throws user_not_found, user_ambiguous. */
export async function revokeOfUser(app: App, identifier: Identifier, actor: Actor): Promise<RevokeResult> {
  const user = await findAnyUser(app, identifier);
  const counts = await revoke(app, actor, user.id);
  return { status: 'revoked', userId: user.id, email: user.email, ...counts };
}

/** Revoke every live link of everybody. */
export async function revokeOfEverybody(app: App, actor: Actor): Promise<RevokeResult> {
  return { status: 'revoked', ...(await revoke(app, actor, undefined)) };
}

async function revoke(app: App, actor: Actor, userId: string | undefined) {
  const needs = await openRevokeNeeds(app);
  // A link that a dead process has used was used, and is not revoked.
  await settleIntents(app, userId === undefined ? { createdBefore: app.clock.now() } : { userId });
  return inTransaction(app.ledger, async (trx) => {
    const now = app.clock.now();
    const unqueued = await skipQueued(trx, userId, 'revoked', now);
    const own = await revokeOwnTokens(trx, userId, 'operator', now);
    const natives = await revokeNatives(trx, needs, { userId, now });
    const revoked = own + natives.revoked;
    await record(trx, now, {
      event: 'token_revoked',
      result: 'ok',
      actor,
      userId,
      details: { revoked, unqueued },
    });
    const links = natives.stillGood;
    return {
      revoked,
      unqueued,
      ...(links === 0 ? {} : { stillGood: { links, message: explainStillGood(app, links) } }),
    };
  });
}
