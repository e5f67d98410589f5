import type { Knex } from 'knex';
import type { Takes } from './route.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A mail that no process is left to send. */
export interface Leftover {
  readonly id: number;
  readonly requestId: string;
  readonly userId: string;
  readonly kind: string;
}

export interface LeftoverOptions {
  /** the routes of this process: those are not leftovers */
  readonly takes: Takes;
  /** milliseconds since the epoch */
  readonly now: number;
}

/**
 * Settle mails whose sender is gone: of a run that began an hour ago or more, and of a mail server that a flag or
 * variable named and through which nobody has sent for a day. Nobody else may mail them. Gives what was settled now.
 */
export async function skipLeftovers(trx: Knex, { takes, now }: LeftoverOptions): Promise<Leftover[]> {
  const open = () =>
    trx('reset_outbox')
      .whereIn('state', ['queued', 'claimed'])
      .whereNull('batch_id')
      .whereNotNull('route')
      .whereNotIn(
        'route',
        takes.filter((name) => name !== null),
      )
      .andWhere((or) => void or.whereNull('claimed_until').orWhere('claimed_until', '<=', now))
      .andWhere((or) => {
        void or
          .where((run) => void run.where('route', 'like', 'run:%').andWhere('created_at', '<', now - HOUR_MS))
          .orWhere((flag) => void flag.where('route', 'like', 'to:%').andWhere('due_at', '<', now - DAY_MS));
      });
  const found = (await open()
    .select({ id: 'id', requestId: 'request_id', userId: 'user_id', kind: 'kind' })
    .limit(1000)) as Leftover[];
  const settled: Leftover[] = [];
  for (const leftover of found) {
    const count = await open().andWhere({ id: leftover.id }).update(settledAs('expired', now));
    if (count === 1) settled.push(leftover);
  }
  return settled;
}

/** What aborted runs left behind for their test user. */
export const skipOfRuns = (trx: Knex, userId: string, now: number): Promise<number> =>
  trx('reset_outbox')
    .where({ user_id: userId, state: 'queued' })
    .andWhere('route', 'like', 'run:%')
    .update(settledAs('expired', now));

const settledAs = (reason: string, now: number) => ({
  state: 'skipped',
  reason,
  settled_at: now,
  claimed_by: null,
  claimed_until: null,
});
