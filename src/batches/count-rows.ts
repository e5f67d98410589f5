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

interface CountRow {
  readonly state: string;
  readonly reason: string | null;
  readonly begun: number | string;
  readonly due: number | string;
  /** not due yet */
  readonly later: number | string;
  readonly count: number | string;
}

/** Count a batch's recipients in one statement. `now` in milliseconds since the epoch. */
export async function countRows(db: Knex, batchId: string, now: number): Promise<Counts> {
  const begun = () => db.raw('case when message_id is null then 0 else 1 end');
  const later = () => db.raw(`case when state = 'queued' and due_at > ? then 1 else 0 end`, [now]);
  const rows: readonly CountRow[] = await db('reset_outbox')
    .select('state', 'reason', { begun: begun(), later: later() })
    .count({ count: '*' })
    .min({ due: 'due_at' })
    .where({ batch_id: batchId })
    .groupBy('state', 'reason', 'begun', 'later');
  return { ...countStates(rows), ...countRetries(rows), ...countLater(rows), reasons: countReasons(rows) };
}

type States = Omit<Counts, 'retrying' | 'retryAt' | 'later' | 'laterAt' | 'reasons'>;

function countStates(rows: readonly CountRow[]): States {
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
    if (isMissed({ state, reason, isBegun: Number(begun) === 1 })) counts.missed += many;
  }
  return counts;
}

function countRetries(rows: readonly CountRow[]): Pick<Counts, 'retrying' | 'retryAt'> {
  const tried = rows.filter(({ state, reason }) => state === 'queued' && reason !== null);
  if (tried.length === 0) return { retrying: 0, retryAt: null };
  return {
    retrying: tried.reduce((sum, { count }) => sum + Number(count), 0),
    retryAt: Math.min(...tried.map(({ due }) => Number(due))),
  };
}

function countLater(rows: readonly CountRow[]): Pick<Counts, 'later' | 'laterAt'> {
  const waiting = rows.filter(({ later, reason }) => Number(later) === 1 && reason === null);
  if (waiting.length === 0) return { later: 0, laterAt: null };
  return {
    later: waiting.reduce((sum, { count }) => sum + Number(count), 0),
    laterAt: Math.min(...waiting.map(({ due }) => Number(due))),
  };
}

function countReasons(rows: readonly CountRow[]): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const { state, reason, count } of rows) {
    if (reason === null || !['skipped', 'failed', 'unknown', 'bounced'].includes(state)) continue;
    reasons[reason] = (reasons[reason] ?? 0) + Number(count);
  }
  return reasons;
}
