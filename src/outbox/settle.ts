import type { Knex } from 'knex';
import type { Outcome } from './message.ts';

export interface Settlement {
  readonly id: number;
  readonly outcome: Outcome;
}

/** End an attempt. Only the worker that holds the row may; gives false when its lease was lost to another. */
export async function settle(
  db: Knex,
  worker: string,
  { id, outcome }: Settlement,
  now: number,
): Promise<boolean> {
  const count = await db('reset_outbox')
    .where({ id, claimed_by: worker, state: 'claimed' })
    .update({ ...columnsOf(outcome, now), claimed_by: null, claimed_until: null });
  return count === 1;
}

function columnsOf(outcome: Outcome, now: number): Record<string, unknown> {
  const reply = outcome.reply?.slice(0, 2000) ?? null;
  switch (outcome.state) {
    case 'sent':
      return { state: 'sent', reply, reason: null, recipient: outcome.recipient, settled_at: now };
    case 'retry':
      return { state: 'queued', due_at: outcome.at, reason: outcome.reason, reply };
    case 'failed':
    case 'skipped':
    case 'unknown': {
      const recipient = outcome.recipient === undefined ? {} : { recipient: outcome.recipient };
      return {
        state: outcome.state,
        reason: outcome.reason.slice(0, 64),
        reply,
        settled_at: now,
        ...recipient,
      };
    }
  }
}
