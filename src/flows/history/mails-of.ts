import type { App } from '../../app.ts';
import { resetMails } from '../../outbox/read-outbox.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import { toIso } from '../../values/instant.ts';

/** What happened to a mail with a link. */
export interface MailFacts {
  readonly requestId: string;
  readonly status: OutboxMessage['state'];
  /** when that was decided; while it waits, when it was queued */
  readonly at: string;
  /** when the next attempt is due, while it waits */
  readonly dueAt: string | null;
  readonly attempts: number;
  readonly reason: string | null;
  /** what the mail server answered, or what prevented delivery */
  readonly reply: string | null;
}

/** A user's mails with links, oldest first, as far as the outbox goes back. */
export async function mailsOf(app: App, userId: string): Promise<MailFacts[]> {
  const messages = await resetMails(app.ledger, userId);
  return messages.map(({ requestId, state, settledAt, createdAt, dueAt, attempts, reason, reply }) => ({
    requestId,
    status: state,
    at: toIso(settledAt ?? createdAt),
    dueAt: state === 'queued' ? toIso(dueAt) : null,
    attempts,
    reason,
    reply,
  }));
}
