import type { App } from '../../app.ts';
import { inTransaction, type Transaction } from '../../db/transaction.ts';
import { ResetError } from '../../errors.ts';
import { createRequestId } from '../../outbox/enqueue.ts';
import type { Actor, User } from '../../types.ts';
import type { AccessKind } from '../../users/access/entry.ts';
import type { Identifier } from '../../users/reading/find-user.ts';
import { runStep } from '../../users/writing/run-step.ts';
import { isEmail } from '../../values/email.ts';
import { nameUser } from '../../values/name-user.ts';
import { programName } from '../../values/program-name.ts';
import { assertCanDeliver } from '../links/send-reset.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';
import { assertAllowed, auditingRefusals, countAttempt, type Attempt } from './guard-operator.ts';
import { noteChange } from './note-change.ts';
import { isStamp, survey, type AccessItem, type Surveyed } from './survey.ts';

/** What lets a person in; a lockout and a demand for a new password end only when they are named. */
const LETS_IN: readonly AccessKind[] = [
  'totp',
  'sms',
  'recovery-codes',
  'passkey',
  'session',
  'remember-me',
  'api-token',
  'oauth-grant',
];

export interface EndRequest {
  readonly identifier: Identifier;
  readonly kinds: readonly AccessKind[] | 'all';
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
  assertBeside(app);
  const attempt = await openAttempt(app, request);
  return auditingRefusals(app, attempt, async () => {
    await assertAllowed(app, attempt);
    const chosen = choose(await survey(app, app.usersDb, attempt.user), request, attempt.user, app);
    return toResult('planned', attempt.user, null, chosen);
  });
}

/**
 * Ends what lets a person in, or keeps a person out, in one transaction with its audit and its mail to the person.
 *
 * @throws access_unknown for a kind that the preset or this database does not know, usage_invalid when there is
 * nothing, or a limit of `support.*` stands in the way; config_invalid with the ledger apart; throttled; user_*
 */
export async function endAccess(app: App, request: EndRequest): Promise<EndResult> {
  assertBeside(app);
  const attempt = await openAttempt(app, request);
  return auditingRefusals(app, attempt, async () => {
    await assertAllowed(app, attempt);
    const { user } = attempt;
    choose(await survey(app, app.usersDb, user), request, user, app); // before it counts
    if (isEmail(user.email)) await assertCanDeliver(app);
    await countAttempt(app, attempt);
    const requestId = isEmail(user.email) ? createRequestId() : null;
    return inTransaction(app.usersDb, (trx) => endIn(app, trx, request, { user, requestId }));
  });
}

/** No transaction spans two databases, and the person must never hear of an end that was not written. */
function assertBeside(app: App): void {
  if (!app.isApart) return;
  throw new ResetError(
    'config_invalid',
    `With a ledger of its own, reset cannot end access: the change, its audit row and the mail about it would not be one transaction. Nothing was changed. End it in the application, or move reset's tables beside the application's. See: ${programName} help database`,
  );
}

async function openAttempt(
  app: App,
  { identifier, kinds, actor, forceProtected }: EndRequest,
): Promise<Attempt> {
  const user = await findAnyUser(app, identifier);
  return { user, actor, kinds: kinds === 'all' ? ['all'] : kinds, isForced: forceProtected ?? false };
}

async function endIn(
  app: App,
  trx: Transaction,
  request: EndRequest,
  { user, requestId }: { readonly user: User; readonly requestId: string | null },
): Promise<EndResult> {
  const mapping = await app.mapping();
  const now = app.clock.now();
  const chosen = choose(await survey(app, trx, user), request, user, app);
  const ending = chosen.filter(({ entry }) => entry.end.length > 0);
  for (const { entry } of ending) for (const step of entry.end) await runStep(trx, mapping, step, user, now);
  await assertEnded(app, trx, user, ending);
  const ended = countByKind(ending);
  await noteChange(app, trx, {
    event: 'access_ended',
    actor: request.actor,
    user,
    requestId,
    details: { ended, ...(request.forceProtected === true ? { forced: true } : {}) },
    about: Object.keys(ended),
  });
  return toResult('ended', user, requestId, chosen);
}

/** Counts again: a trigger or a rule of the database may have kept something. */
async function assertEnded(
  app: App,
  trx: Transaction,
  user: User,
  ending: readonly Surveyed[],
): Promise<void> {
  const chosen = new Set(ending.map(({ item }) => keyOf(item)));
  const again = await survey(app, trx, user);
  const left = again.filter(
    ({ entry, item }) => chosen.has(keyOf(item)) && item.count > 0 && entry.end.length > 0 && !isStamp(entry),
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

/** What of it is asked for and there. Throws access_unknown and usage_invalid. */
function choose(
  surveyed: readonly Surveyed[],
  { kinds }: EndRequest,
  user: User,
  app: App,
): readonly Surveyed[] {
  const known = [...new Set(surveyed.map(({ item }) => item.kind))];
  const wanted = kinds === 'all' ? LETS_IN : kinds;
  const unknown = kinds === 'all' ? [] : kinds.filter((kind) => !known.includes(kind));
  if (unknown.length > 0) throw unknownKinds(app, unknown, known);
  const chosen = surveyed.filter(({ item }) => wanted.includes(item.kind) && item.count > 0);
  if (chosen.length > 0) return chosen;
  const who = nameUser({ userId: user.id, email: user.email });
  const what = kinds === 'all' ? 'nothing that could be ended here' : `no ${kinds.join(', no ')}`;
  throw new ResetError(
    'usage_invalid',
    `${who} has ${what}. Nothing was changed. See: ${programName} access show --id ${user.id}`,
    { details: { limit: 'nothing_there' } },
  );
}

function unknownKinds(app: App, unknown: readonly string[], known: readonly string[]): ResetError {
  const { preset } = app.config.users;
  const there = known.length === 0 ? 'none' : known.join(', ');
  return new ResetError(
    'access_unknown',
    `The preset ${preset} finds no ${unknown.join(' and no ')} in this database. It knows: ${there}.`,
    { details: { kinds: known } },
  );
}

const toResult = (
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
