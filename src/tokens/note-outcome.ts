import type { Knex } from 'knex';

/*
 * The rows of a batch say what became of their people (`changed_at`, `link_ended`), so that a million are counted
 * without a join; `link_exp` is written when a mail is settled. Each of these comes before the change of the token
 * itself, as a worker writes both in this order. Rows are looked for first and changed by their ids: MySQL would
 * otherwise lock the gaps beside them, into which others insert.
 */

/** The person sets a new password with a link: this is so for every batch they are in. `now` in milliseconds. */
export async function noteChange(trx: Knex, userId: string, now: number): Promise<void> {
  const rows = await trx('reset_outbox')
    .where({ user_id: userId })
    .whereNotNull('batch_id')
    .pluck<number[]>('id');
  if (rows.length > 0) await trx('reset_outbox').whereIn('id', rows).update({ changed_at: now });
}

const STEP = 1000;

/** The links of these requests end before their time. */
export async function noteRevoked(trx: Knex, requestIds: readonly string[]): Promise<void> {
  for (let from = 0; from < requestIds.length; from += STEP) {
    const rows = await trx('reset_outbox')
      .whereIn('request_id', requestIds.slice(from, from + STEP))
      .whereNotNull('batch_id')
      .pluck<number[]>('id');
    if (rows.length > 0) await trx('reset_outbox').whereIn('id', rows).update({ link_ended: 'revoked' });
  }
}

/** All links of ours end; an application's own stay. */
export async function noteAllRevoked(trx: Knex): Promise<void> {
  const live = trx('reset_tokens as t')
    .select(trx.raw('1'))
    .whereRaw('t.request_id = reset_outbox.request_id')
    .andWhere('t.state', 'live')
    .whereNull('t.issuer');
  await trx('reset_outbox').whereNotNull('batch_id').whereExists(live).update({ link_ended: 'revoked' });
}
