/**
 * When the mails of a batch may go: not before an instant, and only at these hours of the day (`08:00-18:00`) in each
 * person's time zone, or in the batch's where a row has none.
 */
export async function up(knex) {
  await knex.schema.alterTable('reset_batches', (table) => {
    table.bigInteger('starts_at');
    table.string('day_window', 11);
    table.string('time_zone', 64);
    // how many people have a time zone that nobody knows
    table.integer('zones_unknown');
  });
  await knex.schema.alterTable('reset_outbox', (table) => {
    table.string('time_zone', 64);
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
