import type { App } from '../../app.ts';
import type { AuditRow } from '../../audit/read-audit.ts';
import { readAudit } from '../../audit/read-audit.ts';
import type { Lock } from '../../batches/lock-rows.ts';
import { locksOf } from '../../batches/lock-rows.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import { waitingMessages } from '../../outbox/read-outbox.ts';
import type { User } from '../../types.ts';
import { toIso } from '../../values/instant.ts';
import type { Link } from '../links/live-links.ts';
import { endOf } from '../links/live-links.ts';

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

/** What happened to a user and what is still to come, oldest first. */
export async function timelineOf(app: App, user: User, links: readonly Link[]): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  for await (const row of readAudit(app.ledger, { userId: user.id })) entries.push(ofAudit(row));
  entries.push(...links.flatMap(ofLink));
  entries.push(...(await locksOf(app.ledger, user.id)).map(ofLock));
  entries.push(...(await waitingMessages(app.ledger, user.id)).map(ofMessage));
  return entries.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

const ofAudit = (row: AuditRow): TimelineEntry => ({
  at: toIso(row.at),
  ...(row.result === 'user_locked'
    ? { event: 'password_locked', result: 'ok' }
    : { event: row.event, result: row.result }),
  requestId: row.requestId,
  batchId: row.batchId,
  actor: row.actorName,
  ticket: row.ticket,
  details: row.details,
});

/** What the audit log does not record: nobody acts when a link expires or an older one is replaced. */
function ofLink({ row, status }: Link): TimelineEntry[] {
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
  if (status === 'expired') return entry(endOf(row), `${what}_expired`, 'ok');
  if (status === 'dead') return entry(row.iat * 1000, 'link_dead', 'changed');
  const isReported = row.reason === 'operator' || row.reason === 'sibling_used';
  return status === 'revoked' && row.settledAt !== null && !isReported
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
