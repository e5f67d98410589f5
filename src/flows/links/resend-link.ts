import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { inTransaction } from '../../db/transaction.ts';
import { ResetError } from '../../errors.ts';
import { enqueue } from '../../outbox/enqueue.ts';
import type { TokenRow } from '../../tokens/token-store.ts';
import type { Actor, User } from '../../types.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { findReachableUser } from '../users/find-reachable-user.ts';
import { consumeForOperator } from './operator-cooldown.ts';
import type { Link } from './live-links.ts';
import { linksOf } from './live-links.ts';
import type { SendResult } from './send-reset.ts';
import { assertCanDeliver, deliverNow, toSendResult, whileUnderWay } from './send-reset.ts';
import { sendHint } from '../../values/send-hint.ts';

export interface ResendInput {
  readonly identifier: Identifier;
  readonly actor: Actor;
  /** ignore the cool-down */
  readonly force: boolean;
  /** as in `ResetRequest` */
  readonly onAttempt?: (attempt: number) => void;
}

/**
 * Mail the newest live link of a user again: another row of the same request, so another Message-ID. Throws user_*,
 * throttled, and token_* where no link is live.
 */
export async function resendLink(
  app: App,
  { identifier, actor, force, onAttempt }: ResendInput,
): Promise<SendResult> {
  await assertCanDeliver(app);
  const user = await findReachableUser(app, identifier);
  const links = await linksOf(app, user);
  // The link of a code that was read aloud is never mailed.
  const mailed = links.filter(({ row }) => row.codeWay !== 'aloud');
  const link = newestLive(user, mailed);
  const throttle = await app.throttle();
  if (!force) await consumeForOperator(app, user);
  const { requestId, userId } = link;
  await inTransaction(app.ledger, async (trx) => {
    const now = app.clock.now();
    const mail = { requestId, kind: 'reset', userId, actor, occasion: 'support' } as const;
    await enqueue(trx, { ...mail, route: app.route.stamp, expiresInMs: 0 }, now);
    await record(trx, now, { event: 'operator_action', result: 'link_resent', actor, requestId, userId });
  });
  try {
    const message = await deliverNow(app, requestId, onAttempt);
    if (message.state === 'failed' && !force) await throttle.clear(user.id, ['operator']);
    return toSendResult(user, message, link);
  } catch (error) {
    throw whileUnderWay(explainError(error), user, requestId);
  }
}

function newestLive(user: User, links: readonly Link[]): TokenRow {
  const live = links.findLast(({ status, isOutdated }) => status === 'live' && !isOutdated);
  if (live) return live.row;
  // A link that the application still accepts after the password changed is dead for reset: nobody wants it sent
  // again.
  const last = links.at(-1);
  const status = last?.status === 'live' ? 'dead' : last?.status;
  const isNative = (last?.row.issuer ?? null) !== null;
  const { code, why } = WHY_NOT[status === 'dead' && isNative ? 'refused' : (status ?? 'none')];
  throw new ResetError(code, `${user.email} has no live link: ${why}. ${sendHint(user.id)}`, {
    details: { userId: user.id },
  });
}

const WHY_NOT = {
  none: { code: 'token_invalid', why: 'none was ever sent' },
  expired: { code: 'token_expired', why: 'the last one expired' },
  used: { code: 'token_used', why: 'the last one was used' },
  revoked: { code: 'token_revoked', why: 'the last one was revoked' },
  dead: { code: 'token_revoked', why: 'the password, the address or the key changed since the last one' },
  refused: {
    code: 'token_revoked',
    why: 'the last one is the application’s own, and it was used, it was replaced, or the user has changed since',
  },
} as const;
