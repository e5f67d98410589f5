import type { Knex } from 'knex';

/** User id → when the last reset of these users was, in milliseconds since the epoch. Absent: never, as far as the log goes back. */
export async function lastResets(db: Knex, userIds: readonly string[]): Promise<Map<string, number>> {
  if (userIds.length === 0) return new Map();
  const rows: readonly { readonly userId: string; readonly at: number | string }[] = await db('reset_audit')
    .where({ event: 'password_changed', result: 'ok' })
    .whereIn('user_id', [...userIds])
    .groupBy('user_id')
    .select({ userId: 'user_id' })
    .max({ at: 'at' });
  return new Map(rows.map(({ userId, at }) => [userId, Number(at)]));
}
