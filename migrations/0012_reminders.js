/**
 * A reminder is a batch that knows its parent: which reminder of it this is, and how many mails of this kind a person may
 * get. On a row: which reminder it is to its person. Null: an ordinary batch, a first mail. Two processes
 * that start the same reminder at once get one number, and the index lets one of them have it.
 */
export async function up(knex) {
  await knex.schema.alterTable('reset_batches', (table) => {
    table.string('parent_id', 32);
    table.integer('reminder');
    table.integer('reminders_max');
    table.unique(['parent_id', 'reminder'], { indexName: 'reset_batches_reminder' });
  });
  await knex.schema.alterTable('reset_outbox', (table) => {
    table.integer('reminder');
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
