import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import { recordRepeats } from '../../audit/record-repeats.ts';
import { isEmail } from '../../values/email.ts';
import { isResetError, type ErrorCode } from '../../errors.ts';
import { causeOf, maskEmail } from '../../log.ts';
import type { Bucket } from '../../throttle/throttle.ts';
import type { Actor } from '../../types.ts';
import { recordOrAlarm } from '../history/record-or-alarm.ts';
import { isDatabaseAway, retryWhileAway } from '../delivery/retry-while-away.ts';
import { requestReset } from '../links/request-reset.ts';

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

/**
 * Look up, throttle and queue what visitors typed, long after they were answered. All addresses are looked up in one
 * query, so that a flood of unknown ones costs the database as little as it can. Never throws: the result is only for
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
  const possible = plain.filter(({ email }) => isEmail(email));
  const known = await findKnown(app, possible, signal);
  let isAnswered = true;
  for (const each of plain) {
    if (!isEmail(each.email))
      app.log.info('request_refused', { ...factsOf(each), reason: 'address_invalid' });
    else if (known === undefined) {
      app.log.error('request_refused', { ...factsOf(each), reason: 'database_unavailable' });
      isAnswered = false;
    } else if (known.has(each.email)) isAnswered = (await handleKnown(app, each, signal)) && isAnswered;
    else await refuse(app, each, 'user_not_found');
  }
  return isAnswered;
}

/** The same for one. */
export const handleTypedAddress = (app: App, typed: TypedAddress, signal?: AbortSignal): Promise<boolean> =>
  handleTypedAddresses(app, [typed], signal);

const factsOf = ({ requestId, ip, email }: TypedAddress) => ({
  httpRequestId: requestId,
  ip,
  email: maskEmail(email),
});

/** The addresses that somebody has. Undefined when the database stays away; all of them when it can't be asked so. */
async function findKnown(
  app: App,
  typed: readonly TypedAddress[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string> | undefined> {
  const emails = [...new Set(typed.map(({ email }) => email))];
  if (emails.length < 2) return new Set(emails);
  try {
    const found = await retryWhileAway(async () => (await app.users()).findByEmail(emails), RETRY_MS, signal);
    return new Set(emails.filter((email) => (found.get(email)?.length ?? 0) > 0));
  } catch (error) {
    if (isDatabaseAway(explainError(error))) return undefined;
    return new Set(emails); // one after another, each says what is wrong
  }
}

async function handleKnown(app: App, typed: TypedAddress, signal: AbortSignal | undefined): Promise<boolean> {
  const { email } = typed;
  const actor: Actor = { kind: 'web', name: typed.ip };
  try {
    let bucket: Bucket | null = 'web';
    const { requestId } = await retryWhileAway(
      () => requestReset(app, { identifier: { email }, actor, bucket, onCounting: () => (bucket = null) }),
      RETRY_MS,
      signal,
    );
    app.log.info('request_queued', { ...factsOf(typed), requestId });
  } catch (error) {
    const explained = explainError(error);
    if (isDatabaseAway(explained)) {
      app.log.error('request_refused', { ...factsOf(typed), reason: explained.code });
      return false;
    }
    if (isResetError(explained)) await refuse(app, typed, explained.code);
    else
      app.log.error('request_failed', {
        ...factsOf(typed),
        reason: causeOf(error),
      });
  }
  return true;
}

async function refuse(app: App, typed: TypedAddress, code: ErrorCode): Promise<void> {
  const isOurs = code === 'database_unavailable' || code === 'config_invalid';
  app.log[isOurs ? 'error' : 'info']('request_refused', { ...factsOf(typed), reason: code });
  // What was throttled is written already.
  if (code === 'throttled') return;
  const actor: Actor = { kind: 'web', name: typed.ip };
  await recordOrAlarm(app, { event: 'reset_requested', result: code, actor }, recordRepeats);
}
