import type { Knex } from 'knex';

/** What the operator reads about a batch whose canaries have all been sent or given up. */
const CANARY_OVER = 'the first mails were sent: check them';

/** Take `count` of the `left` first mails that a batch may send before it pauses; false: another worker was faster. */
export async function takeCanary(trx: Knex, id: string, left: number, count: number): Promise<boolean> {
  const changed = await trx('reset_batches')
    .where({ id, canary_left: left })
    .update({ canary_left: left - count });
  return changed === 1;
}

/** Every canary is settled: pause for a look. True for exactly one caller. */
export async function pauseAfterCanary(db: Knex, id: string): Promise<boolean> {
  const open = db('reset_outbox').select(db.raw('1')).where({ batch_id: id });
  // Begun, if only for a moment: a worker that stopped gave the attempt back, and `retry` starts counting from zero.
  const begun = open.clone().where({ state: 'queued' }).whereNotNull('message_id');
  const claimed = open.clone().where({ state: 'claimed' });
  const waiting = open.clone().where({ state: 'queued' });
  const count = await db('reset_batches')
    .where({ id, state: 'running', canary_left: 0 })
    .whereNotExists(begun)
    .whereNotExists(claimed)
    .whereExists(waiting)
    .update({ state: 'paused', pause_code: 'canary', pause_reason: CANARY_OVER });
  return count === 1;
}
