import type { Knex } from 'knex';

/** Take `count` of the `left` first mails that a batch may send before it pauses; false when another was faster. */
export async function takeCanary(trx: Knex, id: string, left: number, count: number): Promise<boolean> {
  // Compare and swap: another worker may have taken some since this one looked.
  const changed = await trx('reset_batches')
    .where({ id, canary_left: left })
    .update({ canary_left: left - count });
  return changed === 1;
}

/** All canaries have a fate: pause for a look. True for exactly one caller. */
export async function pauseAfterCanary(db: Knex, id: string): Promise<boolean> {
  const open = db('reset_outbox').select(db.raw('1')).where({ batch_id: id });
  const tried = open.clone().where({ state: 'queued' }).andWhere('attempts', '>', 0);
  const claimed = open.clone().where({ state: 'claimed' });
  const waiting = open.clone().where({ state: 'queued' });
  const count = await db('reset_batches')
    .where({ id, state: 'running', canary_left: 0 })
    .whereNotExists(tried)
    .whereNotExists(claimed)
    .whereExists(waiting)
    .update({ state: 'paused', pause_reason: 'the first mails are out: have a look at them' });
  return count === 1;
}
