import type { Knex } from 'knex';
import type { Scope } from './claim.ts';
import { within } from './claim.ts';
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
export async function nextDue(db: Knex, scope: Scope): Promise<number | undefined> {
  const instants = await Promise.all([
    earliest(db, scope, 'queued', 'due_at'),
    earliest(db, scope, 'claimed', 'claimed_until'),
  ]);
  const known = instants.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

// One state at a time, because then the index answers at once however many rows there are.
async function earliest(db: Knex, scope: Scope, state: string, column: string): Promise<number | undefined> {
  const row = (await within(db('reset_outbox'), scope).andWhere({ state }).min({ at: column }).first()) as
    { at: number | string | null } | undefined;
  return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
}
