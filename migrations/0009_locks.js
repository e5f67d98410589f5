/**
 * Who was locked in breach mode, when, and with which hash: while the stored hash is this one, the person has no new
 * password yet, whoever changes passwords. One row per user, which outlives the mails and batches that are cleaned up.
 */
export async function up(knex) {
  await knex.schema.createTable('reset_locks', (table) => {
    table.string('user_id', 255).primary();
    table.bigInteger('locked_at').notNullable();
    // the hash of a random secret that was thrown away; null: locked by a release that did not keep it
    table.text('encoded');
  });
  await knex.raw(
    'insert into reset_locks (user_id, locked_at) select user_id, max(locked_at) from reset_outbox where locked_at is not null group by user_id',
  );
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
