import type { App } from '../app.ts';
import type { AuditEvent } from '../audit/record.ts';
import { record } from '../audit/record.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OutboxMessage, Outcome } from '../outbox/message.ts';
import { settle } from '../outbox/settle.ts';

export interface Delivered {
  readonly message: OutboxMessage;
  readonly outcome: Outcome;
}

/** End attempts and write what became of them into the audit, together. A row that another worker took is left alone. */
export async function settleMessages(app: App, delivered: readonly Delivered[]): Promise<void> {
  await inTransaction(app.db, async (trx) => {
    const now = app.clock.now();
    const events: AuditEvent[] = [];
    for (const { message, outcome } of delivered) {
      const isMine = await settle(trx, app.worker, { id: message.id, outcome }, now);
      if (isMine && outcome.state !== 'retry') events.push(eventOf(message, outcome));
    }
    await record(trx, now, ...events);
  });
}

function eventOf(message: OutboxMessage, outcome: Exclude<Outcome, { state: 'retry' }>): AuditEvent {
  const events = {
    sent: 'mail_sent',
    skipped: 'mail_skipped',
    failed: 'mail_failed',
    unknown: 'mail_failed',
  } as const;
  return {
    event: events[outcome.state],
    result: outcome.state === 'sent' ? 'ok' : outcome.reason,
    actor: { kind: message.actorKind, name: message.actorName, ticket: message.ticket ?? undefined },
    requestId: message.requestId,
    batchId: message.batchId ?? undefined,
    userId: message.userId,
    details: {
      kind: message.kind,
      attempts: message.attempts,
      ...(outcome.reply === null ? {} : { reply: outcome.reply }),
    },
  };
}
