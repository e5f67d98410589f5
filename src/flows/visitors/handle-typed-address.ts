import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import type { AuditEvent } from '../../audit/record.ts';
import { recordRepeats } from '../../audit/record-repeats.ts';
import { isEmail } from '../../values/email.ts';
import { isResetError, ResetError, type ErrorCode } from '../../errors.ts';
import { causeOf, maskEmail } from '../../log.ts';
import { createRequestId } from '../../outbox/enqueue.ts';
import { findMessages } from '../../outbox/find-messages.ts';
import type { Actor, User } from '../../types.ts';
import { chooseUser } from '../../users/store/identifier.ts';
import { recordAllOrAlarm } from '../history/record-all-or-alarm.ts';
import { isDatabaseAway, retryWhileAway } from '../delivery/retry-while-away.ts';
import { linkLifeMs } from '../links/link-life.ts';
import { queueResets, type CountedRequest } from '../links/request-reset.ts';
import { assertKnownHash } from '../passwords/assert-known-hash.ts';
import { assertReachable } from '../users/find-reachable-user.ts';
import { assertResettable } from '../users/find-resettable-user.ts';

/** What came in on the request page. */
export interface TypedAddress {
  readonly email: string;
  /** network address of the visitor */
  readonly ip: string;
  /** of the HTTP request, to find one by the other in the log */
  readonly requestId: string;
}

// A restarting database is back within these pauses; the person who typed the address already expects a mail.
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];

/** What became of one: whose mail is to be queued, or why there is none. */
type Verdict = { readonly typed: TypedAddress } & (
  | { readonly request: CountedRequest; readonly error?: never }
  | { readonly error: unknown; readonly userId?: string; readonly request?: never }
);

/**
 * Look up, throttle and queue what visitors typed, long after they were answered. All of them are looked up, counted and
 * queued together, so that a flood costs the database as little as it can. Never throws: the result is only for
 * the log and the audit, where the operator sees the truth (R48).
 *
 * @param signal ends the waiting for a database that is away
 * @returns false when the database stayed away
 */
export async function handleTypedAddresses(
  app: App,
  typed: readonly TypedAddress[],
  signal?: AbortSignal,
): Promise<boolean> {
  const plain = typed.map((each) => ({ ...each, email: each.email.trim() }));
  for (const each of plain.filter(({ email }) => !isEmail(email)))
    app.log.info('request_refused', { ...factsOf(each), reason: 'address_invalid' });
  const possible = plain.filter(({ email }) => isEmail(email));
  if (possible.length === 0) return true;
  const verdicts = await queueAll(app, await judge(app, possible, signal), signal);
  for (const { typed: each, request } of verdicts)
    if (request !== undefined)
      app.log.info('request_queued', { ...factsOf(each), requestId: request.requestId });
  await tellRefusals(app, verdicts);
  return !verdicts.some(({ error }) => isDatabaseAway(error));
}

/** The same for one. */
export const handleTypedAddress = (app: App, typed: TypedAddress, signal?: AbortSignal): Promise<boolean> =>
  handleTypedAddresses(app, [typed], signal);

const actorOf = ({ ip }: TypedAddress): Actor => ({ kind: 'web', name: ip });

const factsOf = ({ requestId, ip, email }: TypedAddress) => ({
  httpRequestId: requestId,
  ip,
  email: maskEmail(email),
});

async function judge(
  app: App,
  typed: readonly TypedAddress[],
  signal: AbortSignal | undefined,
): Promise<Verdict[]> {
  const usersOf = await lookUp(app, [...new Set(typed.map(({ email }) => email))], signal);
  return Promise.all(
    typed.map(async (each): Promise<Verdict> => {
      let user: User | undefined;
      try {
        user = await choose(app, each, await usersOf(each.email));
        await count(app, user);
        const requestId = createRequestId();
        const expiresInMs = linkLifeMs(app.config);
        return { typed: each, request: { requestId, user, actor: actorOf(each), expiresInMs } };
      } catch (error) {
        return { typed: each, error: explainError(error), ...(user && { userId: user.id }) };
      }
    }),
  );
}

/** Everybody in one query. If one address makes it fail, each is looked up alone, so that only that one fails. */
async function lookUp(
  app: App,
  emails: readonly string[],
  signal: AbortSignal | undefined,
): Promise<(email: string) => Promise<readonly User[]>> {
  const ask = (some: readonly string[]) =>
    retryWhileAway(async () => (await app.users()).findByEmail(some), RETRY_MS, signal);
  try {
    const found = await ask(emails);
    return (email) => Promise.resolve(found.get(email) ?? []);
  } catch (error) {
    if (isDatabaseAway(error)) return () => Promise.reject(error);
    return async (email) => (await ask([email])).get(email) ?? [];
  }
}

/** The one user with this address, if a mail may be sent. Throws user_*, config_invalid. */
async function choose(app: App, typed: TypedAddress, users: readonly User[]): Promise<User> {
  const user = chooseUser(users);
  if (user === undefined)
    throw new ResetError(users.length === 0 ? 'user_not_found' : 'user_ambiguous', 'Nobody, or several.');
  assertResettable(user);
  await assertKnownHash(app, user);
  await assertReachable(app, user, { email: typed.email });
  return user;
}

/** Throws throttled. What may have been counted before the database went away is not stopped by its own first try. */
async function count(app: App, user: User): Promise<void> {
  try {
    await (await app.throttle()).consume('web', user.id);
  } catch (error) {
    if (!isDatabaseAway(explainError(error))) throw error;
  }
}

/** In one transaction. Where one of them cannot be stored, each in its own. */
async function queueAll(
  app: App,
  verdicts: readonly Verdict[],
  signal: AbortSignal | undefined,
): Promise<readonly Verdict[]> {
  const requests = verdicts.flatMap(({ request }) => request ?? []);
  try {
    await queuePatiently(app, requests, signal);
    return verdicts;
  } catch (error) {
    if (isDatabaseAway(error) || requests.length === 1)
      return verdicts.map((each) => (each.request === undefined ? each : { typed: each.typed, error }));
  }
  const each: Verdict[] = [];
  for (const verdict of verdicts) each.push(...(await queueAll(app, [verdict], signal)));
  return each;
}

async function queuePatiently(
  app: App,
  requests: readonly CountedRequest[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const [first] = requests;
  if (first === undefined) return;
  let isAgain = false;
  const queue = async (): Promise<void> => {
    // The answer to the COMMIT may be all that was lost.
    if (isAgain && (await findMessages(app.ledger, first.requestId)).length > 0) return;
    isAgain = true;
    await queueResets(app, requests);
  };
  await retryWhileAway(queue, RETRY_MS, signal);
}

/** Only the log and the audit say why there is no mail. */
async function tellRefusals(app: App, verdicts: readonly Verdict[]): Promise<void> {
  const events: AuditEvent[] = [];
  for (const verdict of verdicts) {
    if (verdict.request !== undefined) continue;
    const { typed, error, userId } = verdict;
    if (!isResetError(error)) {
      app.log.error('request_failed', { ...factsOf(typed), reason: causeOf(error) });
      continue;
    }
    const { code } = error;
    app.log[OURS.has(code) ? 'error' : 'info']('request_refused', { ...factsOf(typed), reason: code });
    if (isDatabaseAway(error)) continue;
    const event = { result: code, actor: actorOf(typed) };
    if (code === 'throttled') events.push({ ...event, event: 'request_throttled', userId });
    else events.push({ ...event, event: 'reset_requested' });
  }
  if (events.length > 0) await recordAllOrAlarm(app, events, recordRepeats);
}

const OURS: ReadonlySet<ErrorCode> = new Set(['database_unavailable', 'config_invalid']);
