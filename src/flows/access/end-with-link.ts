import type { App } from '../../app.ts';
import { createRequestId } from '../../outbox/enqueue.ts';
import type { Bucket } from '../../throttle/throttle.ts';
import type { User } from '../../types.ts';
import type { UsersTransaction } from '../../users/store/users-store.ts';
import { createLocks, hasPassword, readLocks } from '../batch/lock-batch.ts';
import { linkLifeMs } from '../links/link-life.ts';
import { countRequest } from '../links/request-reset.ts';
import { assertCanDeliver } from '../links/send-reset.ts';
import { findReachableUser } from '../users/find-reachable-user.ts';
import { choose } from './choose-kinds.ts';
import { endInBoth, openAttempt, toResult, type EndRequest, type EndResult } from './end-access.ts';
import { assertAllowed, auditingRefusals, countAttempt } from './guard-operator.ts';
import { survey } from './survey.ts';

export interface EndWithLinkRequest extends EndRequest {
  /** whose cool-down counts; null with `--force` */
  readonly bucket: Bucket | null;
}

/** A link that is queued, and what ended with it. */
export interface EndedWithLink {
  readonly user: User;
  /** of the mail with the link; `ended.requestId` is of the mail about what ended */
  readonly requestId: string;
  readonly ended: EndResult;
}

/** What `endWithLink` would end. Throws as it does, but for the limit an hour and the cool-down. */
export async function planEndWithLink(app: App, request: EndRequest): Promise<EndResult> {
  const user = await findReachableUser(app, request.identifier);
  const attempt = await openAttempt(app, { ...request, identifier: { id: user.id } });
  return auditingRefusals(app, attempt, async () => {
    await assertAllowed(app, attempt);
    return toResult('planned', user, null, choose(await survey(await app.users(), user), request, user, app));
  });
}

/**
 * Ends what is named, makes the password one that nobody knows, and queues the mail with the link: all of it or nothing.
 * Without the second factor, the old password would open the account alone; without the link, nothing would.
 *
 * @throws what `endAccess` and `requestReset` throw; then nothing was changed
 */
export async function endWithLink(app: App, request: EndWithLinkRequest): Promise<EndedWithLink> {
  const { userId } = await planEndWithLink(app, request); // before it counts
  const user = await findReachableUser(app, { id: userId });
  await assertCanDeliver(app);
  const attempt = await openAttempt(app, { ...request, identifier: { id: userId } });
  return auditingRefusals(app, attempt, async () => {
    if (request.bucket !== null) await countRequest(app, request.bucket, user, request.actor);
    await countAttempt(app, attempt);
    const encoded = hasPassword(user) ? await (await createLocks(app))(user) : null; // slow: before the transaction
    const link = { requestId: createRequestId(), expiresInMs: linkLifeMs(app.config) };
    const write = (users: UsersTransaction) =>
      encoded === null ? Promise.resolve(null) : lock(app, users, user, encoded);
    const ended = await endInBoth(app, request, { user, requestId: createRequestId() }, { link, write });
    return { user, ended, requestId: link.requestId };
  });
}

/** As in a batch, with whatever a reset ends. Gives the hash as it is read back. */
async function lock(app: App, users: UsersTransaction, user: User, encoded: string): Promise<string | null> {
  await users.lock([user], encoded);
  await users.endWithReset(user, app.clock.now());
  const [stored] = await readLocks(users, [user]);
  return stored?.encoded ?? null;
}
