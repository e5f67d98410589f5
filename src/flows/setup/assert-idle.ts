import type { Knex } from 'knex';
import { findBusyBatches } from '../../batches/busy-batches.ts';
import { ResetError } from '../../errors.ts';
import { findHolders } from '../../outbox/held-mails.ts';
import { plural } from '../../values/plural.ts';
import { programName } from '../../values/program-name.ts';

/** A run of `smoke` that began this long ago has ended, or died: its journal moves, and the next run puts things right. */
const SMOKE_MS = 600_000;

/**
 * Throws usage_invalid where something still works with these tables. A listener or worker that has nothing to do
 * leaves no trace: nobody can see it here.
 */
export async function assertIdle(db: Knex, now: number, place: string): Promise<void> {
  const holders = await findHolders(db, now);
  if (holders.length > 0)
    throw busy(
      `${holders.join(', ')} ${holders.length === 1 ? 'is' : 'are'} sending mails from ${place}. Stop workers and listeners first (a process that was killed counts for 30 seconds more).`,
      { holders },
    );
  const [batch] = await findBusyBatches(db, now);
  if (batch)
    throw busy(
      `The batch ${batch.id} in ${place} is ${batch.isRunning ? 'running' : 'being planned'}. With the previous configuration: ${programName} batch pause ${batch.id}`,
      { batch: batch.id },
    );
  const smoke = (await db('reset_smoke')
    .where('created_at', '>', now - SMOKE_MS)
    .first()) as object | undefined;
  if (smoke)
    throw busy(
      `A run of ${programName} smoke began less than ten minutes ago in ${place}. Wait until it has finished.`,
      {},
    );
}

/**
 * Throws usage_invalid where a change of a user is under way in two databases, or was interrupted there: in one, nobody
 * would look for it any more.
 */
export async function assertSettled(db: Knex, place: string): Promise<void> {
  const [row] = (await db('reset_intents').count({ count: '*' })) as [{ count: number | string }];
  const count = Number(row.count);
  if (count === 0) return;
  throw busy(
    `${plural(count, 'change of a user is', 'changes of users are')} under way in ${place}, or ${count === 1 ? 'was' : 'were'} interrupted there. With the configuration from before, this finishes what is older than ten seconds, and sends what is queued: ${programName} worker --once`,
    { intents: count },
  );
}

const busy = (message: string, details: object): ResetError =>
  new ResetError('usage_invalid', `Nothing was moved. ${message}`, {
    details: { reason: 'in_use', ...details },
  });
