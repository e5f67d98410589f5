import type { Knex } from 'knex';
import { unindexed } from '../db/unindexed.ts';
import { oneLine } from '../values/printable.ts';
import type { BatchState, PauseCode } from './batch.ts';
import { PLANNING_LEASE_MS } from './create-batch.ts';
import { undelivered, unsent } from './missed-rows.ts';

/** Rows changed in one statement, so that locks are held only briefly. */
const STEP = 5_000;

/** Planning has ended: mails may go out, or passwords are locked first. True for exactly one caller. */
export const startBatch = (db: Knex, id: string, now: number): Promise<boolean> =>
  move(db, id, ['planning', 'locking'], { state: 'running', planned_until: null, started_at: now });

export const startLocking = (db: Knex, id: string, now: number): Promise<boolean> =>
  move(db, id, ['planning'], { state: 'locking', planned_until: now + PLANNING_LEASE_MS });

/** Stop delivering, everywhere. `reason` is for people. */
export const pauseBatch = (
  db: Knex,
  id: string,
  { code, reason }: { readonly code: PauseCode; readonly reason: string },
): Promise<boolean> =>
  move(db, id, ['running'], { state: 'paused', pause_code: code, pause_reason: oneLine(reason, 255) });

/** From now on the mail server of this route sends it. */
export async function rerouteBatch(db: Knex, id: string, route: string): Promise<void> {
  await db('reset_batches').where({ id }).update({ route });
}

/** Continue, with all mails or with `canary` more before the next pause; the breaker starts over. */
export const resumeBatch = (db: Knex, id: string, canary: number | null): Promise<boolean> =>
  move(db, id, ['paused'], {
    state: 'running',
    pause_code: null,
    pause_reason: null,
    canary_left: canary,
    errors: 0,
    errors_since: null,
  });

/** Mails that never reached the mail server need not wait any longer: somebody has fixed it. */
export const hurryUnreached = (db: Knex, id: string, now: number): Promise<number> =>
  db('reset_outbox')
    .where({ batch_id: id, state: 'queued' })
    .andWhere('due_at', '>', now)
    .whereIn('reason', ['connection', 'busy', 'auth', 'sender', 'quota'])
    .update({ due_at: now });

/** Another process may be planning: say that this one is alive, or take over from one that is not. */
export const renewPlanning = (db: Knex, id: string, now: number): Promise<boolean> =>
  move(db, id, ['planning', 'locking'], { planned_until: now + PLANNING_LEASE_MS });

/** This process stops before it has ended; another may take over at once. */
export const releasePlanning = (db: Knex, id: string): Promise<boolean> =>
  move(db, id, ['planning', 'locking'], { planned_until: 0 });

/** Exactly one process takes over from a planner that died. */
export async function takeOverPlanning(db: Knex, id: string, now: number): Promise<boolean> {
  const count = await db('reset_batches')
    .where({ id })
    .whereIn('state', ['planning', 'locking'])
    .andWhere('planned_until', '<=', now)
    .update({ planned_until: now + PLANNING_LEASE_MS });
  return count === 1;
}

/**
 * End the batch if every recipient is settled. The condition is part of the write, so exactly one worker gets the
 * result: how it ended, or undefined if it has not ended or another worker was faster.
 */
export async function endBatch(db: Knex, id: string, now: number): Promise<BatchState | undefined> {
  const rows = (states: readonly string[]) =>
    db('reset_outbox')
      .select(db.raw('1'))
      .where({ batch_id: id })
      .whereIn('state', [...states]);
  const count = await db('reset_batches')
    .where({ id, state: 'running' })
    .whereNotExists(rows(['queued', 'claimed']))
    .update({
      state: db.raw('case when exists ? then ? else ? end', [
        undelivered(db('reset_outbox').select(db.raw('1')).where({ batch_id: id })),
        'incomplete',
        'done',
      ]),
      ended_at: now,
    });
  if (count !== 1) return undefined;
  const row = (await db('reset_batches').select('state').where({ id }).first()) as { state: BatchState };
  return row.state;
}

/** Nothing more is sent, and waiting mails are skipped. What was sent stays sent. */
export async function cancelBatch(db: Knex, id: string, now: number): Promise<boolean> {
  const open = ['planning', 'locking', 'running', 'paused', 'incomplete'] as const;
  const isMine = await move(db, id, open, {
    state: 'cancelled',
    pause_code: null,
    pause_reason: null,
    ended_at: now,
  });
  if (!isMine) return false;
  await inSteps(db, id, inStates('queued'), (rows) =>
    rows.update({ state: 'skipped', reason: 'cancelled', settled_at: now }),
  );
  return true;
}

/** Queue again what failed, was missed or may be lost, each with a full set of attempts. Returns how many. */
export const requeueFailed = (db: Knex, id: string, now: number): Promise<number> =>
  inSteps(db, id, unsent, (rows) => rows.update(queuedAgain(now)));

/** Somebody's mail that bounced, and whose address may be good by now. */
export interface BouncedRow {
  readonly rowId: number;
  readonly userId: string;
}

/** The next bounced mails of a batch, after this row. */
export const nextBounced = async (
  db: Knex,
  id: string,
  after: number,
  limit: number,
): Promise<BouncedRow[]> =>
  (await db('reset_outbox')
    .select({ rowId: 'id', userId: 'user_id' })
    .where({ batch_id: id, state: 'bounced' })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit)) as BouncedRow[];

/** Queue these bounced mails again. */
export const requeueBounced = (db: Knex, rowIds: readonly number[], now: number): Promise<number> =>
  db('reset_outbox')
    .whereIn('id', [...rowIds])
    .andWhere({ state: 'bounced' })
    .update(queuedAgain(now));

const queuedAgain = (now: number) => ({
  state: 'queued',
  due_at: now,
  attempts: 0,
  reason: null,
  reply: null,
  settled_at: null,
});

/** A batch that has ended (also without a failure: a mail can bounce later), or waits for a look at its canaries, delivers what was queued again, and only that. */
export async function reopenBatch(db: Knex, id: string): Promise<boolean> {
  const waiting = db('reset_outbox').select(db.raw('1')).where({ batch_id: id, state: 'queued' });
  const count = await db('reset_batches')
    .where({ id })
    .andWhere((or) => void or.whereIn('state', ['incomplete', 'done']).orWhere({ pause_code: 'canary' }))
    .whereExists(waiting)
    .update({
      state: 'running',
      pause_code: null,
      pause_reason: null,
      ended_at: null,
      errors: 0,
      errors_since: null,
    });
  return count === 1;
}

/** A batch that never started leaves nothing behind. */
export async function discardBatch(db: Knex, id: string): Promise<void> {
  await dropRows(db, id);
  await db('reset_batches').where({ id, state: 'planning' }).delete();
}

/** Forget the recipients of a batch that is planned again from the start. */
export async function dropRows(db: Knex, id: string): Promise<void> {
  await inSteps(db, id, inStates('queued', 'skipped'), (rows) => rows.delete());
}

async function move(
  db: Knex,
  id: string,
  from: readonly BatchState[],
  values: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const count = await db('reset_batches')
    .where({ id })
    .whereIn('state', [...from])
    .update(values);
  return count === 1;
}

type Narrow = (query: Knex.QueryBuilder) => Knex.QueryBuilder;

const inStates =
  (...states: readonly string[]): Narrow =>
  (query) =>
    query.whereIn('state', [...states]);

/** Change some of a batch's rows, some thousand at a time; `change` must take them out of those that `narrow` leaves. */
async function inSteps(
  db: Knex,
  id: string,
  narrow: Narrow,
  change: (rows: Knex.QueryBuilder) => Promise<number>,
): Promise<number> {
  const wanted = () => narrow(db('reset_outbox'));
  for (let total = 0; ;) {
    const rows = (await wanted().select('id').where({ batch_id: id }).limit(STEP)) as { id: number }[];
    if (rows.length === 0) return total;
    const ids = rows.map((row) => row.id);
    total += await change(wanted().whereIn('id', ids).where(unindexed(db, 'batch_id'), '=', id));
  }
}
