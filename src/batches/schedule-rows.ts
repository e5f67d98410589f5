import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';
import { unindexed } from '../db/unindexed.ts';

/** Rows changed in one statement, so that locks are held only briefly. */
const STEP = 5000;

/** Everybody who is planned gets the mail at this instant at the earliest (milliseconds since the epoch). */
export async function scheduleAll(db: Knex, batchId: string, dueAt: number): Promise<void> {
  const due = () =>
    db('reset_outbox').where({ batch_id: batchId, state: 'queued' }).andWhere('due_at', '<', dueAt);
  for (;;) {
    const ids = await due().limit(STEP).pluck<number[]>('id');
    if (ids.length === 0) return;
    await db('reset_outbox').whereIn('id', ids).andWhere({ state: 'queued' }).update({ due_at: dueAt });
  }
}

/** These rows' people live in this time zone; null: that of the batch. */
export async function scheduleRows(
  db: Knex,
  rowIds: readonly number[],
  { timeZone, dueAt }: { readonly timeZone: string | null; readonly dueAt: number },
): Promise<void> {
  await db('reset_outbox')
    .whereIn('id', [...rowIds])
    .andWhere({ state: 'queued' })
    .update({ time_zone: timeZone, due_at: dueAt });
}

export const countUnknownZones = async (db: Knex, batchId: string, count: number): Promise<void> => {
  await db('reset_batches').where({ id: batchId }).update({ zones_unknown: count });
};

interface Closed {
  /** of the rows; null: that of the batch */
  readonly timeZone: string | null;
  readonly now: number;
  /** when it is their turn again */
  readonly opensAt: number;
}

/** It is night for these people: what is due waits until the morning. Some thousand at a time; call it again. */
export async function postpone(
  trx: Knex,
  batchId: string,
  { timeZone, now, opensAt }: Closed,
): Promise<void> {
  const due = trx('reset_outbox')
    .where({ batch_id: batchId, state: 'queued' })
    .andWhere('due_at', '<=', now)
    .andWhere(
      (zone) => void (timeZone === null ? zone.whereNull('time_zone') : zone.where({ time_zone: timeZone })),
    )
    .orderBy(['due_at', 'position', 'id'])
    .limit(STEP);
  // What another worker holds at this moment waits for the next time.
  if (dialectOf(trx) !== 'sqlite') void due.forUpdate().skipLocked();
  const ids = await due.pluck<number[]>('id');
  await trx('reset_outbox')
    .whereIn('id', ids)
    .andWhere(unindexed(trx, 'batch_id'), '=', batchId)
    .andWhere({ state: 'queued' })
    .update({ due_at: opensAt });
}
