import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { createRequestId } from '../../outbox/enqueue.ts';
import type { Actor, User } from '../../types.ts';
import type { AccessReader } from '../../users/store/known-access.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { isEmail } from '../../values/email.ts';
import { nameUser } from '../../values/name-user.ts';
import { programName } from '../../values/program-name.ts';
import { inBoth } from '../both/in-both.ts';
import { settleIntents } from '../both/settle-intents.ts';
import { assertCanDeliver } from '../links/send-reset.ts';
import { assertResettable, findAnyUser } from '../users/find-resettable-user.ts';
import { changeFlag, findFlag, whoIsFlagged, type Flag } from './change-flag.ts';
import { assertAllowed, auditingRefusals, countAttempt, type Attempt } from './guard-operator.ts';
import { proveChange, proveDemand } from './finish-change.ts';
import { noteChange, type ChangeFacts } from './note-change.ts';

export interface RequireRequest {
  readonly identifier: Identifier;
  /** lift it instead */
  readonly isUndo: boolean;
  readonly actor: Actor;
  readonly forceProtected?: boolean;
}

export interface RequireResult {
  readonly status: 'planned' | 'required' | 'lifted';
  readonly userId: string;
  readonly email: string;
  /** names the notice; null: nothing was changed, or there is no address */
  readonly requestId: string | null;
}

/** What `requireChange` would do. Throws as it does, but for the limit an hour. */
export async function planRequire(app: App, request: RequireRequest): Promise<RequireResult> {
  const flag = await findFlag(app, request.isUndo);
  const attempt = await openAttempt(app, request);
  return auditingRefusals(app, attempt, async () => {
    await assertAllowed(app, attempt);
    const { id, email } = await assertSensible(await app.users(), flag, request, attempt.user);
    return { status: 'planned', userId: id, email, requestId: null };
  });
}

/**
 * The person must choose a new password at the next login, or no longer, with its audit and its mail: all of it or nothing.
 *
 * @throws access_unknown where the application has no such flag; usage_invalid when it is so already, or a limit of
 * `support.*` stands in the way; user_*; throttled; database_unavailable, with `details.isUncertain` it may be written
 */
export async function requireChange(app: App, request: RequireRequest): Promise<RequireResult> {
  const { userId } = await planRequire(app, request);
  const { isUndo } = request;
  const flag = await findFlag(app, isUndo);
  const attempt = await openAttempt(app, { ...request, identifier: { id: userId } });
  return auditingRefusals(app, attempt, async () => {
    const { user } = attempt;
    if (isEmail(user.email)) await assertCanDeliver(app);
    await countAttempt(app, attempt);
    const requestId = isEmail(user.email) ? createRequestId() : null;
    await changeInBoth(app, flag, request, { user, requestId });
    return { status: isUndo ? 'lifted' : 'required', userId, email: user.email, requestId };
  });
}

async function changeInBoth(
  app: App,
  flag: Flag,
  { isUndo, actor, forceProtected }: RequireRequest,
  { user, requestId }: { readonly user: User; readonly requestId: string | null },
): Promise<void> {
  const now = app.clock.now();
  const facts: ChangeFacts = {
    event: isUndo ? 'change_lifted' : 'change_demanded',
    actor,
    userId: user.id,
    recipient: user.email,
    requestId,
    details: forceProtected === true ? { forced: true } : {},
    about: [isUndo ? 'must-change' : 'demanded'],
    route: app.route.stamp,
  };
  await inBoth(app, {
    user,
    intent: async () => {
      const proof = isUndo ? await proveChange(app, user, flag) : await proveDemand(app, flag);
      return { kind: 'access', userId: user.id, facts: { ...facts, ...proof } };
    },
    claim: () => Promise.resolve(),
    write: async (users) => {
      await users.hold(user); // of two at once, one finds it done
      await assertSensible(users, flag, { isUndo }, user);
      await changeFlag(users, { flag, isUndo, now }, [user]);
    },
    finish: (ledger) => noteChange(ledger, facts, now),
  });
}

async function openAttempt(
  app: App,
  { identifier, actor, forceProtected }: RequireRequest,
): Promise<Attempt> {
  const user = await findAnyUser(app, identifier);
  await settleIntents(app, { userId: user.id });
  return { user, actor, kinds: ['must-change'], isForced: forceProtected ?? false };
}

/** Throws for a person who cannot sign in with a password, and for one who is in that state already. */
async function assertSensible(
  store: AccessReader,
  flag: Flag,
  { isUndo }: Pick<RequireRequest, 'isUndo'>,
  user: User,
): Promise<User> {
  const who = nameUser({ userId: user.id, email: user.email });
  if (!isUndo) {
    assertResettable(user);
    if (user.encoded === null || user.encoded === '')
      throw refusal(
        'no_password',
        `${who} has no password yet, and so none to change. Mail a link: ${programName} send --id ${user.id}`,
      );
  }
  const isFlagged = (await whoIsFlagged(store, flag, [user])).has(user.id);
  if (isFlagged === isUndo) return user;
  throw isUndo
    ? refusal('nothing_there', `${who} need not choose a new password. Nothing was changed.`)
    : refusal('already', `${who} must choose a new password already. Nothing was changed.`);
}

const refusal = (limit: string, message: string): ResetError =>
  new ResetError('usage_invalid', message, { details: { limit } });
