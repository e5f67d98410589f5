import type { Knex } from 'knex';

/** Batches that go on by themselves: their mails are going out, or a process that lives plans or locks them. */
export async function findBusyBatches(
  db: Knex,
  now: number,
): Promise<{ readonly id: string; readonly isRunning: boolean }[]> {
  const rows = (await db('reset_batches')
    .select('id', 'state')
    .where({ state: 'running' })
    .orWhere((planned) => {
      void planned.whereIn('state', ['planning', 'locking']).andWhere('planned_until', '>', now);
    })
    .orderBy('created_at')) as { id: string; state: string }[];
  return rows.map(({ id, state }) => ({ id, isRunning: state === 'running' }));
}
