import type { Knex } from 'knex';
import { isMissed } from './missed-rows.ts';

/** How many recipients are in which state, and why. */
export interface Counts {
  readonly total: number;
  readonly queued: number;
  readonly claimed: number;
  readonly sent: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
  /** accepted by a mail server, and came back later */
  readonly bounced: number;
  /** of the skipped ones: who was to get a mail, and did not when the turn came */
  readonly missed: number;
  /** of the skipped ones: the batch was cancelled before their turn */
  readonly cancelled: number;
  /** of the queued ones: tried before, and tried again, the first of them at `retryAt` (milliseconds since the epoch) */
  readonly retrying: number;
  readonly retryAt: number | null;
  /** of the queued ones: not their hour yet, the first of them at `laterAt` */
  readonly later: number;
  readonly laterAt: number | null;
  /** skipped, failed and bounced ones by reason */
  readonly reasons: Readonly<Record<string, number>>;
}

/** The rows of one state and reason. */
export interface CountSums {
  readonly state: string;
  readonly reason: string | null;
  readonly count: number | string;
  /** of the skipped ones: a mail was begun, it has a Message-ID */
  readonly begun: number | string;
  readonly due: number | string | null;
  /** not due yet, and the first of them */
  readonly later: number | string;
  readonly later_at: number | string | null;
}

/**
 * Sums instead of groups: a database can't guess how many groups an expression makes, and would sort a million rows.
 * Of rows that were not skipped, they need what is in the index `reset_outbox_batch` and nothing else.
 */
const countSums = (
  db: Knex,
  isSkipped: boolean,
  now: number,
): Record<keyof CountSums, string | Knex.Raw> => ({
  state: 'state',
  reason: 'reason',
  count: db.raw('count(*)'),
  begun: db.raw(isSkipped ? 'count(message_id)' : '0'),
  due: db.raw('min(due_at)'),
  later: db.raw('count(case when due_at > ? then 1 end)', [now]),
  later_at: db.raw('min(case when due_at > ? then due_at end)', [now]),
});

/** The queries that sum up a batch's rows, those that were skipped apart: only there does a sum need more than the index. */
export function sumRows(
  db: Knex,
  batchId: string,
  now: number,
  more: (isSkipped: boolean) => Readonly<Record<string, Knex.Raw>> = () => ({}),
): Knex.QueryBuilder[] {
  return [false, true].map((isSkipped) =>
    db('reset_outbox')
      .select({ ...countSums(db, isSkipped, now), ...more(isSkipped) })
      .where({ batch_id: batchId })
      .andWhere('state', isSkipped ? '=' : '<>', 'skipped')
      .groupBy('state', 'reason'),
  );
}

/** Count a batch's recipients in one statement. `now` in milliseconds since the epoch. */
export async function countRows(db: Knex, batchId: string, now: number): Promise<Counts> {
  return toCounts((await db.unionAll(sumRows(db, batchId, now))) as CountSums[]);
}

export const toCounts = (rows: readonly CountSums[]): Counts => ({
  ...countStates(rows),
  ...countRetries(rows),
  ...countLater(rows),
  reasons: countReasons(rows),
});

type States = Omit<Counts, 'retrying' | 'retryAt' | 'later' | 'laterAt' | 'reasons'>;

function countStates(rows: readonly CountSums[]): States {
  const counts: Record<keyof States, number> = {
    total: 0,
    queued: 0,
    claimed: 0,
    sent: 0,
    failed: 0,
    skipped: 0,
    unknown: 0,
    bounced: 0,
    missed: 0,
    cancelled: 0,
  };
  for (const { state, reason, begun, count } of rows) {
    const many = Number(count);
    counts.total += many;
    if (state in counts) counts[state as keyof States] += many;
    if (state === 'skipped' && reason === 'cancelled') counts.cancelled += many;
    if (isMissed({ state, reason, isBegun: true })) counts.missed += Number(begun);
  }
  return counts;
}

function countRetries(rows: readonly CountSums[]): Pick<Counts, 'retrying' | 'retryAt'> {
  const tried = rows.filter(({ state, reason }) => state === 'queued' && reason !== null);
  if (tried.length === 0) return { retrying: 0, retryAt: null };
  return {
    retrying: tried.reduce((sum, { count }) => sum + Number(count), 0),
    retryAt: Math.min(...tried.map(({ due }) => Number(due))),
  };
}

function countLater(rows: readonly CountSums[]): Pick<Counts, 'later' | 'laterAt'> {
  const waiting = rows.filter(
    ({ state, reason, later }) => state === 'queued' && reason === null && Number(later) > 0,
  );
  if (waiting.length === 0) return { later: 0, laterAt: null };
  return {
    later: waiting.reduce((sum, { later }) => sum + Number(later), 0),
    laterAt: Math.min(...waiting.map(({ later_at }) => Number(later_at))),
  };
}

function countReasons(rows: readonly CountSums[]): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const { state, reason, count } of rows) {
    if (reason === null || !['skipped', 'failed', 'unknown', 'bounced'].includes(state)) continue;
    reasons[reason] = (reasons[reason] ?? 0) + Number(count);
  }
  return reasons;
}
