import type { Knex } from 'knex';

/** Skip the queued reset mails of one user, or of everybody. Returns how many. */
export async function skipQueued(
  db: Knex,
  userId: string | undefined,
  reason: string,
  now: number,
): Promise<number> {
  const query = db('reset_outbox').where({ kind: 'reset', state: 'queued' });
  if (userId !== undefined) void query.andWhere({ user_id: userId });
  return query.update({ state: 'skipped', reason, settled_at: now });
}
