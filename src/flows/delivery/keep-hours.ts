import type { Batch } from '../../batches/batch.ts';
import { postpone } from '../../batches/schedule-rows.ts';
import type { Transaction } from '../../db/transaction.ts';
import type { Candidate } from '../../outbox/claim.ts';
import { isOpen, nextOpening, parseDayWindow } from '../../values/day-window.ts';

/**
 * Candidates whose people have day now. The others of their time zones wait until it opens, so that a slow batch, a
 * retry or another worker keeps the hours as well as the plan does.
 */
export async function keepHours(
  trx: Transaction,
  lane: Batch | undefined,
  now: number,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  if (typeof lane?.dayWindow !== 'string') return candidates;
  const window = parseDayWindow(lane.dayWindow);
  const batchZone = lane.timeZone ?? 'UTC';
  const zones = [...new Set(candidates.map(({ timeZone }) => timeZone))];
  const closed = zones.filter((timeZone) => !isOpen(window, timeZone ?? batchZone, now));
  for (const timeZone of closed) {
    const opensAt = nextOpening(window, timeZone ?? batchZone, now);
    await postpone(trx, lane.id, { timeZone, now, opensAt });
  }
  return candidates.filter(({ timeZone }) => !closed.includes(timeZone));
}
