// What an older release wrote as the reason of a pause, and the code that stands beside it now.
const PAUSES = [
  ['canary', 'the first mails are out: have a look at them'],
  ['server_refused', 'the mail server takes no mail from us%'],
  ['server_away', 'the mail server cannot be reached%'],
  ['operator', '%'],
];

/** Which mail server a mail waits for (null: the one of the set-up), and why a batch is paused, as a code. */
export async function up(knex) {
  await knex.schema.alterTable('reset_outbox', (table) => {
    table.string('route', 255);
  });
  await knex.schema.alterTable('reset_batches', (table) => {
    table.string('route', 255);
    table.string('pause_code', 32);
  });
  for (const [code, reason] of PAUSES) {
    await knex('reset_batches')
      .where({ state: 'paused' })
      .whereNull('pause_code')
      .andWhere('pause_reason', 'like', reason)
      .update({ pause_code: code });
  }
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
