import type { App } from '../../app.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import { readUnfinished } from '../../outbox/read-outbox.ts';
import { toIso } from '../../values/instant.ts';

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
  for await (const message of readUnfinished(app.ledger, failedSince)) {
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
