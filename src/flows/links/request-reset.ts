import type { App } from '../../app.ts';
import { recordRepeats } from '../../audit/record-repeats.ts';
import { inTransaction } from '../../db/transaction.ts';
import { createRequestId, enqueueAll } from '../../outbox/enqueue.ts';
import { isResetError } from '../../errors.ts';
import type { Bucket } from '../../throttle/throttle.ts';
import type { Actor, Occasion, User } from '../../types.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { recordAllOrAlarm } from '../history/record-all-or-alarm.ts';
import { findReachableUser } from '../users/find-reachable-user.ts';
import { consumeForOperator } from './operator-cooldown.ts';
import { linkLifeMs } from './link-life.ts';

export interface ResetRequest {
  readonly identifier: Identifier;
  readonly actor: Actor;
  /** without it the page's for a visitor, and support's for an operator */
  readonly occasion?: Occasion | undefined;
  /** whose cool-down counts; null with `--force` */
  readonly bucket: Bucket | null;
  /** life of the link; without it as `linkLifeMs` says */
  readonly expiresInMs?: number | undefined;
  readonly locale?: string | undefined;
  /** called before each attempt to deliver the mail, which is queued by then; counts from 1 */
  readonly onAttempt?: ((attempt: number) => void) | undefined;
}

/**
 * Find, throttle, queue: nothing in the user's row changes (R08). Throws user_*, throttled, usage_invalid; then nothing is
 * queued.
 */
export async function requestReset(
  app: App,
  request: ResetRequest,
): Promise<{ requestId: string; user: User }> {
  const expiresInMs = linkLifeMs(app.config, { askedMs: request.expiresInMs });
  const user = await findReachableUser(app, request.identifier);
  if (request.bucket !== null) {
    await countRequest(app, request.bucket, user, request.actor);
  }
  const requestId = createRequestId();
  await queueResets(app, [{ ...request, requestId, user, expiresInMs }]);
  return { requestId, user };
}

/** A request whose user may have a link, and that was counted. */
export interface CountedRequest extends Pick<ResetRequest, 'actor' | 'occasion' | 'locale'> {
  readonly requestId: string;
  readonly user: User;
  readonly expiresInMs: number;
}

/** Queue the mails of several requests, all or none, and write it into the audit. */
export async function queueResets(app: App, requests: readonly CountedRequest[]): Promise<void> {
  const mails = requests.map(({ requestId, user, locale, actor, occasion, expiresInMs }) => ({
    requestId,
    kind: 'reset' as const,
    userId: user.id,
    locale,
    actor,
    occasion: occasion ?? (actor.kind === 'web' ? ('page' as const) : ('support' as const)),
    route: app.route.stamp,
    expiresInMs,
  }));
  await inTransaction(app.ledger, (trx) => enqueueAll(trx, mails, app.clock.now()));
  const events = requests.map(({ requestId, user, actor }) => ({
    event: 'reset_requested' as const,
    result: 'ok',
    actor,
    requestId,
    userId: user.id,
  }));
  await recordAllOrAlarm(app, events);
}

/** Count the request, or throw throttled with a line in the audit (R90). */
export async function countRequest(app: App, bucket: Bucket, user: User, actor: Actor): Promise<void> {
  try {
    if (bucket === 'operator') await consumeForOperator(app, user);
    else await (await app.throttle()).consume(bucket, user.id);
  } catch (error) {
    if (isResetError(error) && error.code === 'throttled') {
      await recordRepeats(app.ledger, app.clock.now(), {
        event: 'request_throttled',
        result: error.code,
        actor,
        userId: user.id,
      });
    }
    throw error;
  }
}
