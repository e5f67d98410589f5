import type { Knex } from 'knex';
import { storable } from '../values/printable.ts';
import type { OutboxMessage } from './message.ts';
import { messageColumns } from './message.ts';

/** The row of a mail, by its number. */
export async function findRow(db: Knex, id: number): Promise<OutboxMessage | undefined> {
  return (await db('reset_outbox').select(messageColumns).where({ id }).first()) as OutboxMessage | undefined;
}

export interface ReturnedMail {
  readonly id: number;
  readonly reason: string;
  readonly reply: string;
  /** milliseconds since the epoch */
  readonly now: number;
}

/**
 * A mail came back. It may do so before this program knows that it was accepted: whoever holds the row loses it, and it
 * is not tried again. What was skipped stays so. True for exactly one caller.
 */
export async function markBounced(trx: Knex, { id, reason, reply, now }: ReturnedMail): Promise<boolean> {
  const count = await trx('reset_outbox')
    .where({ id })
    .whereNotNull('message_id')
    .whereIn('state', ['sent', 'unknown', 'failed', 'claimed', 'queued'])
    .update({
      state: 'bounced',
      reason,
      reply: storable(reply, 2000),
      settled_at: now,
      claimed_by: null,
      claimed_until: null,
    });
  return count === 1;
}
