import { toIso } from '../../values/instant.ts';
import type { App } from '../../app.ts';
import type { AuditRow } from '../../audit/read-audit.ts';
import { readAudit } from '../../audit/read-audit.ts';
import type { Lock } from '../../batches/lock-rows.ts';
import { locksOf } from '../../batches/lock-rows.ts';
import { isEmail } from '../../values/email.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import { readUnfinished, waitingMessages } from '../../outbox/read-outbox.ts';
import { CODE_TRIES } from '../../tokens/code.ts';
import type { CodeWay, TokenRow } from '../../tokens/token-store.ts';
import type { User } from '../../types.ts';
import type { Identifier } from '../../users/reading/find-user.ts';
import { findUsersByEmail } from '../../users/reading/find-user.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';
import type { Link } from '../links/live-links.ts';
import { endOf, linksOf } from '../links/live-links.ts';

/** One thing that happened, or that is still to come (`mail_waiting`). */
export interface TimelineEntry {
  readonly at: string;
  /** an event of the audit, or `password_locked`, `mail_waiting`, `link_expired`, `code_expired`, `link_revoked`, `link_dead` */
  readonly event: string;
  readonly result: string;
  readonly requestId: string | null;
  readonly batchId: string | null;
  /** who: an operator's `user@host`, or a visitor's network address */
  readonly actor: string | null;
  readonly ticket: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** How a live one-time code stands. */
export interface CodeStatus {
  readonly way: CodeWay;
  readonly triesLeft: number;
  /** it was typed rightly: somebody chooses a password at this moment */
  readonly isTyped: boolean;
}

export interface UserStatus {
  readonly userId: string;
  readonly email: string;
  readonly isActive: boolean;
  /** what would stop a reset, or is good to know before one */
  readonly facts: readonly { readonly code: string; readonly message: string }[];
  /** links that could be used this moment */
  readonly liveLinks: readonly {
    readonly requestId: string;
    readonly issuedAt: string;
    readonly expiresAt: string;
    /** the application whose own link it is; absent for ours */
    readonly issuer?: string;
    /** the application still takes its link, although password or address changed since */
    readonly isOutdated?: true;
    /** its one-time code: read aloud, without a link of its own, or beside the link in the mail */
    readonly code?: CodeStatus;
  }[];
  /** seconds until the next mail may go: asked for by an operator, by the person on the request page */
  readonly cooldown: { readonly operator: number; readonly web: number };
  readonly timeline: readonly TimelineEntry[];
}

/** Everything about one user's resets. Throws user_not_found, user_ambiguous. */
export async function readUserStatus(app: App, identifier: Identifier): Promise<UserStatus> {
  const user = await findAnyUser(app, identifier);
  const links = await linksOf(app, user);
  const throttle = await app.throttle();
  return {
    userId: user.id,
    email: user.email,
    isActive: user.isActive,
    facts: await factsOf(app, user),
    liveLinks: links.filter(({ fate }) => fate === 'live').map(toLiveLink),
    cooldown: {
      operator: await throttle.waitSeconds('operator', user.id),
      web: await throttle.waitSeconds('web', user.id),
    },
    timeline: await timelineOf(app, user, links),
  };
}

function toLiveLink({ row, isOutdated }: Link): UserStatus['liveLinks'][number] {
  const { requestId, iat, issuer } = row;
  return {
    requestId,
    issuedAt: toIso(iat * 1000),
    expiresAt: toIso(endOf(row)),
    ...(issuer === null ? {} : { issuer }),
    ...(isOutdated ? { isOutdated } : {}),
    ...(row.codeWay === null ? {} : { code: toCodeStatus(row, row.codeWay) }),
  };
}

const toCodeStatus = ({ codeTries, codeHolder }: TokenRow, way: CodeWay): CodeStatus => ({
  way,
  triesLeft: CODE_TRIES - codeTries,
  isTyped: codeHolder !== null,
});

/** A mail that waits or failed. */
export interface UnfinishedMail {
  readonly requestId: string;
  readonly batchId: string | null;
  readonly userId: string;
  readonly kind: OutboxMessage['kind'];
  readonly status: OutboxMessage['state'];
  readonly reason: string | null;
  readonly reply: string | null;
  readonly attempts: number;
  readonly queuedAt: string;
  /** when the next attempt is due, while it waits */
  readonly dueAt: string | null;
  readonly ticket: string | null;
}

/** The waiting mails of all, and those that failed since `failedSince` (milliseconds). */
export async function* readPending(app: App, failedSince: number): AsyncGenerator<UnfinishedMail> {
  for await (const message of readUnfinished(app.db, failedSince)) {
    const { requestId, batchId, userId, kind, state, reason, reply, attempts, ticket } = message;
    const queuedAt = toIso(message.createdAt);
    const dueAt = state === 'queued' ? toIso(message.dueAt) : null;
    yield {
      requestId,
      batchId,
      userId,
      kind,
      status: state,
      reason,
      reply,
      attempts,
      queuedAt,
      dueAt,
      ticket,
    };
  }
}

async function factsOf(app: App, user: User): Promise<UserStatus['facts']> {
  const facts: { code: string; message: string }[] = [];
  const add = (code: string, message: string) => facts.push({ code, message });
  if (!user.isActive) add('inactive', 'not active in the application: no reset until activated there');
  if (user.refusal !== null) add('refused', `no reset here: ${user.refusal}`);
  if (user.encoded === null || user.encoded === '')
    add('no_password', 'no password yet: a reset sets the first one');
  if (!isEmail(user.email)) add('no_address', 'the stored e-mail address cannot receive mail');
  else {
    const same = (await findUsersByEmail(app.db, await app.mapping(), [user.email])).get(user.email) ?? [];
    const ids = same.map(({ id }) => id);
    if (ids.length > 1) {
      add('ambiguous', `${ids.length} users have this address (ids ${ids.join(', ')}): choose one with --id`);
    }
  }
  return facts;
}

async function timelineOf(app: App, user: User, links: readonly Link[]): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  for await (const row of readAudit(app.db, { userId: user.id })) entries.push(ofAudit(row));
  entries.push(...links.flatMap(ofLink));
  entries.push(...(await locksOf(app.db, user.id)).map(ofLock));
  entries.push(...(await waitingMessages(app.db, user.id)).map(ofMessage));
  return entries.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

const ofAudit = (row: AuditRow): TimelineEntry => ({
  at: toIso(row.at),
  event: row.event,
  result: row.result,
  requestId: row.requestId,
  batchId: row.batchId,
  actor: row.actorName,
  ticket: row.ticket,
  details: row.details,
});

/** What the audit log does not record: nobody acts when a link expires or an older one is replaced. */
function ofLink({ row, fate }: Link): TimelineEntry[] {
  const entry = (at: number, event: string, result: string): TimelineEntry[] => [
    {
      at: toIso(at),
      event,
      result,
      requestId: row.requestId,
      batchId: null,
      actor: null,
      ticket: null,
      details: row.issuer === null ? {} : { issuer: row.issuer },
    },
  ];
  const what = row.codeWay === 'aloud' ? 'code' : 'link';
  if (fate === 'expired') return entry(endOf(row), `${what}_expired`, 'ok');
  if (fate === 'dead') return entry(row.iat * 1000, 'link_dead', 'changed');
  const isTold = row.reason === 'operator' || row.reason === 'sibling_used';
  return fate === 'revoked' && row.settledAt !== null && !isTold
    ? entry(row.settledAt, 'link_revoked', row.reason ?? 'revoked')
    : [];
}

/** The audit has one row for some thousand users who were locked together. */
const ofLock = ({ at, batchId, actorName, ticket }: Lock): TimelineEntry => ({
  at: toIso(at),
  event: 'password_locked',
  result: 'ok',
  requestId: null,
  batchId,
  actor: actorName,
  ticket,
  details: {},
});

const ofMessage = (message: OutboxMessage): TimelineEntry => ({
  at: toIso(message.state === 'queued' ? message.dueAt : message.createdAt),
  event: 'mail_waiting',
  result: message.reason ?? message.state,
  requestId: message.requestId,
  batchId: message.batchId,
  actor: message.actorName,
  ticket: message.ticket,
  details: {
    kind: message.kind,
    attempts: message.attempts,
    ...(message.reply === null ? {} : { reply: message.reply }),
  },
});
