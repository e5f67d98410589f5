import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { createRequestId } from '../../outbox/enqueue.ts';
import type { Actor, User } from '../../types.ts';
import type { UsersReader, UsersTransaction } from '../../users/store/users-store.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { isEmail } from '../../values/email.ts';
import { programName } from '../../values/program-name.ts';
import { inBoth } from '../both/in-both.ts';
import { settleIntents } from '../both/settle-intents.ts';
import { assertCanDeliver } from '../links/send-reset.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';
import { assertAllowed, auditingRefusals, countAttempt, type Attempt } from './guard-operator.ts';
import { choose, type Chosen } from './choose-kinds.ts';
import { assertUnchanged, proveChange, type ChangeProof } from './finish-change.ts';
import { noteChange, type ChangeFacts } from './note-change.ts';
import { noteLink, type LinkFacts } from './note-link.ts';
import { survey, type AccessItem, type Surveyed } from './survey.ts';

export interface EndRequest extends Chosen {
  readonly identifier: Identifier;
  readonly actor: Actor;
  readonly forceProtected?: boolean;
}

export interface EndResult {
  readonly status: 'planned' | 'ended';
  readonly userId: string;
  readonly email: string;
  /** names the notice; null: nothing was changed, or there is no address */
  readonly requestId: string | null;
  readonly ended: readonly AccessItem[];
  /** there, and not for SQL to end */
  readonly left: readonly AccessItem[];
}

/** What `endAccess` would end. Throws as it does, but for the limit an hour. */
export async function planEnd(app: App, request: EndRequest): Promise<EndResult> {
  const attempt = await openAttempt(app, request);
  return auditingRefusals(app, attempt, async () => {
    await assertAllowed(app, attempt);
    const chosen = choose(await survey(await app.users(), attempt.user), request, attempt.user, app);
    return toResult('planned', attempt.user, null, chosen);
  });
}

/**
 * Ends what lets a person in, or keeps a person out, with its audit and its mail to the person: all of it or nothing.
 *
 * @throws access_unknown for a kind that the preset or this database does not know, usage_invalid when there is
 * nothing, or a limit of `support.*` stands in the way; throttled; user_*; database_unavailable, with
 * `details.isUncertain` it may have ended
 */
export async function endAccess(app: App, request: EndRequest): Promise<EndResult> {
  const attempt = await openAttempt(app, request);
  return auditingRefusals(app, attempt, async () => {
    await assertAllowed(app, attempt);
    const { user } = attempt;
    choose(await survey(await app.users(), user), request, user, app); // before it counts
    if (isEmail(user.email)) await assertCanDeliver(app);
    await countAttempt(app, attempt);
    const requestId = isEmail(user.email) ? createRequestId() : null;
    return endInBoth(app, request, { user, requestId });
  });
}

export async function openAttempt(
  app: App,
  { identifier, kinds, actor, forceProtected }: EndRequest,
): Promise<Attempt> {
  const user = await findAnyUser(app, identifier);
  await settleIntents(app, { userId: user.id });
  return { user, actor, kinds: kinds === 'all' ? ['all'] : kinds, isForced: forceProtected ?? false };
}

/** What else happens with an end: a write on the users' side that gives what `noteLink` notes on ours. */
export interface Beside {
  readonly link: LinkFacts;
  readonly write: (users: UsersTransaction) => Promise<string | null>;
}

export async function endInBoth(
  app: App,
  request: EndRequest,
  { user, requestId }: { readonly user: User; readonly requestId: string | null },
  beside?: Beside,
): Promise<EndResult> {
  const now = app.clock.now();
  const chooseIn = async (users: UsersReader) => choose(await survey(users, user), request, user, app);
  const terms = { ...request, user, requestId, route: app.route.stamp };
  let proof: ChangeProof | undefined;
  const { chosen } = await inBoth(app, {
    user,
    intent: async () => {
      const ending = endingOf(await chooseIn(await app.users()));
      proof = await proveChange(
        app,
        user,
        ending.map(({ entry }) => entry),
      );
      const facts = { ...factsOf(terms, ending), link: beside?.link, ...proof };
      return { kind: 'access', userId: user.id, facts };
    },
    claim: () => Promise.resolve(),
    write: async (users) => {
      await users.hold(user); // of two at once, one finds nothing
      if (proof) await assertUnchanged(app, users, user, proof);
      const found = await chooseIn(users);
      await endAll(users, user, endingOf(found), now);
      return { chosen: found, encoded: (await beside?.write(users)) ?? null };
    },
    finish: async (ledger, written) => {
      const facts = factsOf(terms, endingOf(written.chosen));
      await noteChange(ledger, facts, now);
      if (beside) await noteLink(ledger, facts, beside.link, written.encoded, now);
    },
  });
  return toResult('ended', user, requestId, chosen);
}

const endingOf = (chosen: readonly Surveyed[]): readonly Surveyed[] =>
  chosen.filter(({ entry }) => entry.canEnd);

type Terms = Pick<EndRequest, 'actor' | 'forceProtected'> &
  Pick<ChangeFacts, 'requestId' | 'route'> & { readonly user: User };

function factsOf(
  { actor, forceProtected, user, requestId, route }: Terms,
  ending: readonly Surveyed[],
): ChangeFacts {
  const ended = countByKind(ending);
  return {
    event: 'access_ended',
    actor,
    userId: user.id,
    recipient: user.email,
    requestId,
    details: { ended, ...(forceProtected === true ? { forced: true } : {}) },
    about: Object.keys(ended),
    route,
  };
}

async function endAll(
  users: UsersTransaction,
  user: User,
  ending: readonly Surveyed[],
  now: number,
): Promise<void> {
  for (const { entry } of ending) await users.endAccess(entry, [user], now);
  await assertEnded(users, user, ending);
}

/** Counts again: a trigger or a rule of the database may have kept something. */
async function assertEnded(users: UsersReader, user: User, ending: readonly Surveyed[]): Promise<void> {
  const chosen = new Set(ending.map(({ item }) => keyOf(item)));
  const again = await survey(users, user);
  const left = again.filter(
    ({ entry, item }) => chosen.has(keyOf(item)) && item.count > 0 && entry.canEnd && !entry.isRenewed,
  );
  if (left.length === 0) return;
  throw new ResetError(
    'config_invalid',
    `The database kept ${left.map(({ item }) => item.kind).join(', ')} of user ${user.id}. Nothing was changed. Look for triggers and rules, then: ${programName} doctor`,
  );
}

function countByKind(changes: readonly Surveyed[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { item } of changes) counts[item.kind] = (counts[item.kind] ?? 0) + item.count;
  return counts;
}

const keyOf = ({ kind, name }: AccessItem): string => `${kind} ${name ?? ''}`;

export const toResult = (
  status: EndResult['status'],
  { id, email }: User,
  requestId: string | null,
  chosen: readonly Surveyed[],
): EndResult => {
  const items = chosen.map(({ item }) => item);
  return {
    status,
    userId: id,
    email,
    requestId,
    ended: items.filter(({ canEnd }) => canEnd),
    left: items.filter(({ canEnd }) => !canEnd),
  };
};
