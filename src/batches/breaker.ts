import type { Knex } from 'knex';

/**
 * After this many transport errors in a row, over all workers and for this long, the mail server is away and not
 * busy.
 */
const MAX_ERRORS = 10;
const MIN_MS = 10_000;

export interface TransportNews {
  /** mails for which there was no conversation with the mail server */
  readonly errors: number;
  /** it accepted a mail, or refused one for its own sake: it is up */
  readonly isAlive: boolean;
}

/** Count a worker's results; true when there were too many errors and the batch should pause. `now` in milliseconds. */
export async function noteTransport(
  trx: Knex,
  id: string,
  { errors, isAlive }: TransportNews,
  now: number,
): Promise<boolean> {
  if (isAlive) {
    await trx('reset_batches')
      .where({ id })
      .andWhere('errors', '>', 0)
      .update({ errors: 0, errors_since: null });
    return false;
  }
  if (errors === 0) return false;
  await trx('reset_batches')
    .where({ id })
    .update({
      errors: trx.raw('errors + ?', [errors]),
      errors_since: trx.raw('coalesce(errors_since, ?)', [now]),
    });
  const row = (await trx('reset_batches').select('errors', 'errors_since').where({ id }).first()) as
    { errors: number; errors_since: number | string } | undefined;
  return row !== undefined && row.errors >= MAX_ERRORS && now - Number(row.errors_since) >= MIN_MS;
}
