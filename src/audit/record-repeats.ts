import type { Knex } from 'knex';
import { record, type AuditEvent } from './record.ts';

/** After the first row, repeats are only counted for this long. */
const WINDOW_MS = 600_000;
/** How many different things one window counts separately; beyond that, it counts by kind only. */
const MAX_KINDS = 500;

interface Repeat {
  readonly since: number;
  readonly event: AuditEvent;
  /** how often it happened again, not written yet */
  count: number;
}

const known = new WeakMap<Knex, Map<string, Repeat>>();

/**
 * Record what strangers can cause as often as they like: the first of each ten minutes is a row, those after it are one
 * more row with `details.repeats`. So one link, or one machine, can't fill the audit (R53). What operators do is always
 * written. `now` in milliseconds.
 */
export async function recordRepeats(db: Knex, now: number, ...events: readonly AuditEvent[]): Promise<void> {
  const repeats = known.get(db) ?? new Map<string, Repeat>();
  known.set(db, repeats);
  const rows = takeEnded(repeats, now);
  for (const event of events) if (isFirst(repeats, now, event)) rows.push(event);
  return record(db, now, ...rows);
}

/** Counts what happened again. */
function isFirst(repeats: Map<string, Repeat>, now: number, event: AuditEvent): boolean {
  const { event: name, result, requestId, userId, actor } = event;
  if (actor.kind !== 'web') return true;
  const own = [name, result, requestId ?? userId, actor.name].join(' ');
  const key = repeats.has(own) || repeats.size < MAX_KINDS ? own : [name, result].join(' ');
  const repeat = repeats.get(key);
  if (repeat !== undefined) repeat.count += 1;
  else repeats.set(key, { since: now, event, count: 0 });
  return repeat === undefined;
}

/** Write the counts so far: at intervals, and before the process ends. */
export async function flushRepeats(db: Knex, now: number): Promise<void> {
  const repeats = known.get(db);
  if (repeats === undefined) return;
  const ended = takeEnded(repeats, Infinity);
  await record(db, now, ...ended);
}

/** The oldest come first. */
function takeEnded(repeats: Map<string, Repeat>, now: number): AuditEvent[] {
  const rows: AuditEvent[] = [];
  for (const [key, { since, event, count }] of repeats) {
    if (now - since < WINDOW_MS) break;
    repeats.delete(key);
    if (count > 0) rows.push({ ...event, details: { ...event.details, repeats: count } });
  }
  return rows;
}
