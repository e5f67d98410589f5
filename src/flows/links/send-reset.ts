import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { LEASE_MS } from '../../outbox/claim.ts';
import { findMessages } from '../../outbox/find-messages.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import type { Route } from '../../outbox/route.ts';
import { SETUP } from '../../outbox/route.ts';
import type { TokenRow } from '../../tokens/token-store.ts';
import { findToken } from '../../tokens/token-store.ts';
import type { User } from '../../types.ts';
import { claimMessages, type Claimed } from '../delivery/claim-messages.ts';
import { deliverMessage } from '../delivery/deliver-message.ts';
import { isDatabaseAway } from '../delivery/retry-while-away.ts';
import { retryWhileAway } from '../delivery/retry-while-away.ts';
import type { ResetRequest } from './request-reset.ts';
import { requestReset } from './request-reset.ts';
import { settleMessages } from '../delivery/settle-messages.ts';
import { withLease } from '../delivery/with-lease.ts';
import { quoteReply } from '../../values/mail-reply.ts';
import { programName } from '../../values/program-name.ts';

/** One recipient's line of `send`. */
export interface SendResult {
  readonly email: string;
  readonly userId: string;
  readonly status: 'planned' | 'queued' | 'sent' | 'skipped' | 'failed' | 'unknown';
  readonly reason?: string;
  readonly requestId: string;
  readonly expiresAt?: string;
  readonly messageId?: string;
  /** what the mail server answered */
  readonly reply?: string;
}

/** While a person waits on the phone: three more tries in quick succession. */
const QUICK_RETRIES_MS = [500, 1500, 4000];
const POLL_MS = 250;
/** A mail that was handed over must not be forgotten; after its lease a worker would repeat it anyway. */
const SETTLE_MS = [250, 1000, 2000, 4000, 8000, 8000];
const patiently = <T>(work: () => Promise<T>): Promise<T> => retryWhileAway(work, SETTLE_MS);

/**
 * Issue a token, mail the link, and wait until the mail is settled. After the quick retries it stays queued for
 * a worker. Throws user_*, throttled, config_invalid before anything is queued; how the mail was settled is the result.
 */
export async function sendReset(app: App, request: ResetRequest): Promise<SendResult> {
  await assertCanDeliver(app);
  return followReset(app, await requestReset(app, request), request);
}

/** What `sendReset` does once the mail is queued. */
export async function followReset(
  app: App,
  { requestId, user }: { readonly requestId: string; readonly user: User },
  request: Pick<ResetRequest, 'bucket' | 'onAttempt'>,
): Promise<SendResult> {
  try {
    const message = await deliverNow(app, requestId, request.onAttempt);
    if (message.state === 'failed' && request.bucket !== null) {
      await (await app.throttle()).clear(user.id, [request.bucket]); // nothing was sent, so the next try need not wait
    }
    const token = await patiently(() => findToken(app.ledger, { requestId }));
    return toSendResult(user, message, token);
  } catch (error) {
    throw whileUnderWay(explainError(error), user, requestId);
  }
}

/** The mail is in the outbox, and may be in the mailbox as well: sending again would make it two. */
export function whileUnderWay(error: unknown, { email }: User, requestId: string): unknown {
  if (!isDatabaseAway(error)) return error;
  return new ResetError(
    'database_unavailable',
    `The database went away while the mail to ${email} was in transit. Don't send it again: it is in the outbox, and ${programName} worker (or a running ${programName} serve) will deliver it. Check with: ${programName} status ${email}`,
    { cause: error, details: { requestId } },
  );
}

/** A user, the row of the mail as it ended, and the token in it → the line that `send` prints. */
export function toSendResult(
  user: User,
  { requestId, state, reason, reply, messageId }: OutboxMessage,
  token: Pick<TokenRow, 'exp'> | undefined,
): SendResult {
  return {
    email: user.email,
    userId: user.id,
    // It can bounce within the seconds that this command waits.
    status: state === 'claimed' ? 'queued' : state === 'bounced' ? 'failed' : state,
    ...(state !== 'sent' && reason !== null ? { reason } : {}),
    requestId,
    ...(token ? { expiresAt: new Date(token.exp * 1000).toISOString() } : {}),
    ...(messageId === null ? {} : { messageId }),
    ...(reply === null ? {} : { reply }),
  };
}

/** What would make every delivery fail is found before anything is queued: base URL, sender, mail server, templates. */
export async function assertCanDeliver(app: App): Promise<void> {
  const { checkDelivery } = await import('../delivery/check-delivery.ts');
  await checkDelivery(app);
}

/**
 * Deliver one request's mail from this process, or wait for the worker that was faster. Gives its row as it is when
 * settled, or still queued when the quick retries are used up.
 */
export async function deliverNow(
  app: App,
  requestId: string,
  onAttempt: (attempt: number) => void = () => undefined,
): Promise<OutboxMessage> {
  const startedAt = app.clock.now();
  const giveUpAt = startedAt + 4 * LEASE_MS;
  for (let attempt = 0; ; attempt += 1) {
    const [claimed] = await claimMessages(app, { limit: 1, requestId });
    onAttempt((claimed?.message.attempts ?? attempt) || 1);
    const pauseMs = claimed && (await tryOnce(app, claimed, { attempt, startedAt }));
    if (pauseMs !== undefined) {
      await sleep(pauseMs);
      continue;
    }
    const message = (await patiently(() => findMessages(app.ledger, requestId))).at(-1);
    if (!message)
      throw new ResetError('database_unavailable', 'The queued mail is gone from the outbox. Send it again.');
    const isWaiting = message.state === 'claimed' || (message.state === 'queued' && !claimed);
    if (!isWaiting || app.clock.now() > giveUpAt) return message;
    // Another process has tried, and its next try is a long way off.
    if (message.state === 'queued' && message.attempts > 0 && app.clock.now() - startedAt > PATIENCE_MS)
      return message;
    await sleep(POLL_MS);
  }
}

/** One try, settled. Gives how long to wait for a quick one after it, in milliseconds; undefined when there is none. */
async function tryOnce(
  app: App,
  claimed: Claimed,
  { attempt, startedAt }: { readonly attempt: number; readonly startedAt: number },
): Promise<number | undefined> {
  const { message } = claimed;
  const outcome = await withLease(app, message.id, () => deliverMessage(app, claimed));
  const pauseMs = QUICK_RETRIES_MS[attempt];
  const isQuick =
    outcome.state === 'retry' && pauseMs !== undefined && isWorthwhile(app, outcome.reason, startedAt);
  const settled = isQuick ? { ...outcome, at: app.clock.now() + pauseMs } : outcome;
  await patiently(() => settleMessages(app, [{ message, outcome: settled }]));
  return isQuick ? pauseMs : undefined;
}

/** How long a person waits for quick retries. What a mail server says about us, it would say again a second later. */
const PATIENCE_MS = 15_000;
const OF_US = ['auth', 'sender', 'quota'];

const isWorthwhile = (app: App, reason: string, startedAt: number): boolean =>
  !OF_US.includes(reason) && app.clock.now() - startedAt < PATIENCE_MS;

/** Who sends what is still queued. A mail for a server that replaces the set-up's is sent by that server only. */
export const waysOut = (route: Route | undefined): string =>
  route === undefined || route.stamp === SETUP
    ? `It will be sent by ${programName} worker (or a running ${programName} serve).`
    : `It will only be sent by ${programName} worker with the same mail server as now (--mail-url).`;

/** Any result but `sent`, as the error that ends the command; undefined when all is well. */
export function deliveryError(result: SendResult, route?: Route): ResetError | undefined {
  if (result.status === 'sent') return undefined;
  const said = result.reply === undefined ? '' : ` ${quoteReply(result.reply)}`;
  const details = { requestId: result.requestId, reason: result.reason, reply: result.reply };
  if (result.status === 'queued') {
    return new ResetError(
      'delivery_failed',
      `The mail to ${result.email} could not be delivered yet and is still queued.${said} ${waysOut(route)}`,
      { details: { ...details, retryable: true } },
    );
  }
  const advice =
    result.status === 'unknown'
      ? 'It may have arrived, so ask before you send it again.'
      : `Check the address and the mail setup with: ${programName} doctor`;
  return new ResetError(
    'delivery_failed',
    `The mail to ${result.email} was not delivered (${result.reason ?? result.status}).${said} ${advice}`,
    {
      details: { ...details, retryable: false },
    },
  );
}
