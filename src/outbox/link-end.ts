import type { Knex } from 'knex';

/** Until when the link of a mail works, as its row keeps it from when the mail is settled: a batch is counted by it. */
export const linkEnd = (db: Knex): Knex.Raw =>
  db.raw('(select t.exp from reset_tokens t where t.request_id = reset_outbox.request_id)');
