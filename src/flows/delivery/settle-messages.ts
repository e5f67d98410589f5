import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import type { AuditEvent } from '../../audit/record.ts';
import { record } from '../../audit/record.ts';
import type { Transaction } from '../../db/transaction.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { OutboxMessage, Outcome } from '../../outbox/message.ts';
import { settle } from '../../outbox/settle.ts';
import { asciiOnly } from '../../values/printable.ts';
import { isDatabaseAway } from './retry-while-away.ts';
import type { Delivered } from './delivered.ts';
import { watchTransport } from './watch-transport.ts';

export type { Delivered } from './delivered.ts';

/**
 * End attempts and write what became of them into the audit, together; a mail server that is away pauses the batch.
 * A row that another worker took meanwhile is left alone. What a mail server said is only a note: where the database
 * refuses it, the attempts end without it, because a mail that is not settled goes out again.
 */
export async function settleMessages(app: App, delivered: readonly Delivered[]): Promise<void> {
  for (const [index, spell] of SPELLINGS.entries()) {
    try {
      await settleOnce(
        app,
        delivered.map(({ message, outcome }) => ({ message, outcome: spell(outcome) })),
      );
      return;
    } catch (error) {
      const explained = explainError(error);
      if (isDatabaseAway(explained) || index === SPELLINGS.length - 1) throw explained;
      app.log.warn('reply_not_stored', { count: delivered.length, cause: String(explained) });
    }
  }
}

/** The outcome as it is; then in ASCII, which fits every encoding; then without the mail server's reply. */
const SPELLINGS: readonly ((outcome: Outcome) => Outcome)[] = [
  (outcome) => outcome,
  (outcome) => ({ ...outcome, reply: outcome.reply === null ? null : asciiOnly(outcome.reply) }),
  (outcome) => {
    const bare = { ...outcome, reply: null };
    return bare.state === 'retry' ? bare : { ...bare, recipient: undefined };
  },
];

async function settleOnce(app: App, delivered: readonly Delivered[]): Promise<void> {
  await inTransaction(app.ledger, (trx) => settleIn(app, trx, delivered), { sharesQueue: true });
}

/** The same in a transaction of the caller's, without another attempt where a reply cannot be stored. */
export async function settleIn(app: App, trx: Transaction, delivered: readonly Delivered[]): Promise<void> {
  const now = app.clock.now();
  const settlements = delivered.map(({ message, outcome }) => ({ id: message.id, outcome }));
  const held = await settle(trx, app.worker, settlements, now);
  const mine = delivered.filter(({ message }) => held.has(message.id));
  await record(
    trx,
    now,
    ...mine.flatMap(({ message, outcome }) => (outcome.state === 'retry' ? [] : [eventOf(message, outcome)])),
  );
  await watchTransport(app, trx, mine, now);
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
