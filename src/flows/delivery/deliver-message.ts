import { randomInt } from 'node:crypto';
import type { App } from '../../app.ts';
import { required } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { isResetError } from '../../errors.ts';
import type { MailInput } from '../../mail/compose.ts';
import { composeAccess, composeNotice, composeReset } from '../../mail/compose.ts';
import type { Message } from '../../mail/message.ts';
import { sendMessage } from '../../mail/send.ts';
import { backoffMs, MAX_ATTEMPTS } from '../../outbox/backoff.ts';
import { issuerNamed } from '../../native/find-issuer.ts';
import type { OutboxMessage, Outcome } from '../../outbox/message.ts';
import { chooseLocale } from '../../render/choose-locale.ts';
import type { NewToken } from '../../tokens/token-store.ts';
import { signToken } from '../../tokens/sign.ts';
import type { Reminder, User } from '../../types.ts';
import type { Claimed } from './claim-messages.ts';
import { linkTo, requestUrlOf } from '../../tokens/reset-link.ts';
import { sampleCode, sampleLink } from '../preview/sample-link.ts';
import { mailedCode } from './mailed-code.ts';
import { withReturnPath } from './return-path.ts';

/** Takes the place of a token: the page answers that this link is not valid. */
const TEST_TOKEN = 'test-copy';

/** Compose and send one claimed mail; says how it ended, and never throws for what a mail server does. */
export async function deliverMessage(app: App, claimed: Claimed): Promise<Outcome> {
  if ('skip' in claimed) return { state: 'skipped', reason: claimed.skip, reply: null };
  const { message, user, token } = claimed;
  try {
    const mail = await withReturnPath(app, message, await composeMail(app, claimed));
    const { reply } = await sendMessage(await app.transport(), mail);
    // A redirected mail stays in the ledger under the person it was meant for.
    return { state: 'sent', reply, recipient: token ? mail.to : (message.recipient ?? user.email) };
  } catch (error) {
    return outcomeOf(app, message, user.email, error);
  }
}

type Sendable = Exclude<Claimed, { skip: string }>;

function composeMail(app: App, claimed: Sendable): Promise<Message> {
  const { message, user, token, batch, isLocked } = claimed;
  if (token) return resetMail(app, claimed, token);
  if (message.kind === 'reset' && batch && batch.redirectTo !== null) {
    return composeTestMail(app, { message, user, batch, isLocked });
  }
  return noticeMail(app, message, user);
}

async function resetMail(
  app: App,
  { message, user, batch, link, isLocked }: Sendable,
  token: NewToken,
): Promise<Message> {
  const input = await mailInput(app, message, user);
  return composeReset(await app.renderer(), {
    ...input,
    link: link ?? linkTo(input.baseUrl, signToken(await app.keyring(), token)),
    // A resend says what is left of the link's life.
    issuedAt: message.expiresInS === 0 ? app.clock.now() : token.iat * 1000,
    expiresAt: token.exp * 1000,
    worksOnce: !token.issuer || !issuerNamed(token.issuer)?.outlivesUse,
    reason: batch?.reason ?? undefined,
    isLocked,
    reminder: reminderOf(message, batch),
    code: await mailedCode(app, token, input.baseUrl),
  });
}

type MessageFacts = Pick<
  OutboxMessage,
  'locale' | 'messageId' | 'actorKind' | 'ticket' | 'occasion' | 'expiresInS' | 'reminder'
>;

/** Which words a reminder has; undefined: it is a first mail. */
const reminderOf = (
  { reminder }: Pick<OutboxMessage, 'reminder'>,
  batch: Batch | undefined,
): Reminder | undefined =>
  reminder === null ? undefined : reminder >= (batch?.remindersMax ?? Infinity) ? 'last' : 'again';

interface TestMail {
  readonly message: MessageFacts;
  readonly user: User;
  readonly batch: Batch;
  readonly isLocked: boolean;
}

/** The reset mail for somebody who looks at it: its link is nobody's token. */
export async function composeTestMail(
  app: App,
  { message, user, batch, isLocked }: TestMail,
): Promise<Message> {
  const input = await mailInput(app, message, user);
  const issuedAt = app.clock.now();
  const { link, worksOnce } = sampleLink(app.config, input.baseUrl, TEST_TOKEN);
  const mail = composeReset(await app.renderer(), {
    ...input,
    link,
    issuedAt,
    expiresAt: issuedAt + message.expiresInS * 1000,
    worksOnce,
    code: sampleCode(app.config, input.baseUrl),
    reason: batch.reason ?? undefined,
    isLocked,
    reminder: reminderOf(message, batch),
    ...(batch.redirectTo === null ? {} : { redirectedFor: user.email }),
  });
  return { ...mail, to: batch.redirectTo ?? mail.to };
}

async function noticeMail(app: App, message: OutboxMessage, user: User): Promise<Message> {
  const input = await mailInput(app, message, user);
  const notice = {
    ...input,
    ...causeOfNotice(message),
    email: message.recipient ?? user.email,
    changedAt: message.createdAt,
    requestUrl: requestUrlOf(input.baseUrl),
  };
  if (message.kind === 'notice') return composeNotice(await app.renderer(), notice);
  return composeAccess(await app.renderer(), { ...notice, changes: (message.about ?? '').split(',') });
}

async function mailInput(app: App, message: MessageFacts, user: User): Promise<MailInput> {
  const { config } = app;
  const { catalogue } = await app.renderer();
  return {
    appName: config.appName,
    baseUrl: required(config, 'baseUrl', config.baseUrl),
    from: required(config, 'mail.from', config.mail.from),
    replyTo: config.mail.replyTo,
    envelopeFrom: config.mail.envelopeFrom,
    email: user.email,
    name: user.name,
    locale: chooseLocale([user.locale, message.locale, config.mail.locale], catalogue.available),
    timeZone: config.timeZone,
    messageId: message.messageId ?? '',
    ...causeOf(message),
    ticket: message.ticket ?? undefined,
    supportContact: config.brand.support,
    accent: config.brand.color,
  };
}

type Cause = Pick<MailInput, 'requestedBy' | 'occasion'>;

/** Rows from before there were occasions read as they did then: an administrator asks for a new password. */
function causeOf({ actorKind, occasion }: MessageFacts): Cause {
  const known = occasion ?? (actorKind === 'web' ? 'page' : 'batch');
  return { requestedBy: known === 'page' ? 'person' : 'operator', occasion: known };
}

/** Who set the password, and how the link for it was sent. */
const causeOfNotice = ({ actorKind, occasion }: OutboxMessage): Cause => ({
  requestedBy: actorKind === 'web' ? 'person' : 'operator',
  occasion: occasion ?? 'page',
});

/** How long a mail outside a batch waits for a mail server that accepts none from us. */
const GIVE_UP_MS = 24 * 3_600_000;
const BUSY_MS = 5_000;
const SINGLE_BUSY_MS = 60_000;
const WAIT_MS = 15 * 60_000;

/**
 * A fault that every other mail would meet too uses up no attempt: returns until when this mail waits, in
 * milliseconds; undefined if the fault is about this mail. A batch pauses as a whole, so its mails may go right away
 * when it continues.
 */
function pauseFor(kind: string | undefined, { batchId }: OutboxMessage): number | undefined {
  if (kind === 'busy') return batchId === null ? SINGLE_BUSY_MS : BUSY_MS + randomInt(BUSY_MS);
  if (kind === 'sender' || kind === 'quota') return batchId === null ? WAIT_MS : 0;
  return kind === 'auth' && batchId !== null ? 0 : undefined;
}

function outcomeOf(app: App, message: OutboxMessage, recipient: string, error: unknown): Outcome {
  if (!isResetError(error)) throw error;
  if (error.code !== 'delivery_failed') throw error;
  const { kind, retryable, reply } = error.details as { kind?: string; retryable?: boolean; reply?: string };
  const ended = { reason: kind ?? 'failed', reply: reply ?? error.message };
  if (retryable !== true) return { state: 'failed', ...ended, recipient };
  const pauseMs = pauseFor(kind, message);
  if (pauseMs !== undefined && app.clock.now() - message.createdAt < GIVE_UP_MS) {
    return { state: 'retry', at: app.clock.now() + pauseMs, ...ended, isFree: true };
  }
  if (message.attempts >= MAX_ATTEMPTS)
    return { state: kind === 'lost' ? 'unknown' : 'failed', ...ended, recipient };
  return {
    state: 'retry',
    at: app.clock.now() + backoffMs(message.attempts, randomInt(1000) / 1000),
    ...ended,
  };
}
