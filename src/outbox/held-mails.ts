import type { Knex } from 'knex';

/** Which processes hold mails at this moment (milliseconds since the epoch), by the name they claim under. */
export async function findHolders(db: Knex, now: number): Promise<string[]> {
  return db('reset_outbox')
    .distinct('claimed_by')
    .where({ state: 'claimed' })
    .andWhere('claimed_until', '>', now)
    .orderBy('claimed_by')
    .pluck<string[]>('claimed_by');
}
