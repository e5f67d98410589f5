import type { Knex } from 'knex';
import type { OutboxMessage } from './message.ts';
import { messageColumns } from './message.ts';

/** The mails of one request, oldest first. */
export async function findMessages(db: Knex, requestId: string): Promise<OutboxMessage[]> {
  return (await db('reset_outbox')
    .select(messageColumns)
    .where({ request_id: requestId })
    .orderBy('id')) as OutboxMessage[];
}

/** Is anything queued, delayed or claimed by anyone? And when is the next one due (milliseconds since the epoch)? */
export async function nextDue(db: Knex): Promise<number | undefined> {
  const row = (await db('reset_outbox')
    .whereIn('state', ['queued', 'claimed'])
    .min({ at: db.raw("case when state = 'queued' then due_at else claimed_until end") })
    .first()) as { at: number | string | null } | undefined;
  return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
}
