import type { Knex } from 'knex';

/** No mail is ever due or held this far ahead. */
const IMPOSSIBLE_MS = 3_600_000;

/** Mails of a machine whose clock was ahead: due, or held by its worker, at a time that no right clock would write. */
const ahead = (db: Knex, now: number) =>
  db('reset_outbox').andWhere((either) => {
    void either
      .where((queued) => void queued.where({ state: 'queued' }).andWhere('due_at', '>', now + IMPOSSIBLE_MS))
      .orWhere(
        (held) => void held.where({ state: 'claimed' }).andWhere('claimed_until', '>', now + IMPOSSIBLE_MS),
      );
  });

/** How many there are, and the latest time at which one of them would be due, in milliseconds. */
export async function countAhead(db: Knex, now: number): Promise<{ count: number; until: number }> {
  const rows: readonly Readonly<Record<'count' | 'due' | 'held', number | string | null>>[] = await ahead(
    db,
    now,
  )
    .count({ count: '*' })
    .max({ due: 'due_at', held: 'claimed_until' });
  const [row] = rows;
  return { count: Number(row?.count ?? 0), until: Math.max(Number(row?.due ?? 0), Number(row?.held ?? 0)) };
}

/** Make them due now. A mail that a worker held may go out twice, with the same link. */
export const bringForward = (db: Knex, now: number): Promise<number> =>
  ahead(db, now).update({ state: 'queued', due_at: now, claimed_by: null, claimed_until: null });
