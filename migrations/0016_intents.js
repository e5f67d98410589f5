/**
 * What is about to be written in the users' database, where that is another one than this: no transaction spans both.
 * The row is there before the write and goes with whatever the write brings about here, so a row that outlives its
 * process says where to look.
 */
export async function up(knex) {
  await knex.schema.createTable('reset_intents', (table) => {
    table.string('id', 32).primary();
    table.string('kind', 16).notNullable();
    table.string('user_id', 255).index('reset_intents_user');
    table.string('batch_id', 32).index('reset_intents_batch');
    // JSON: what is to be written here afterwards, and how the write is recognised
    table.text('facts', 'longtext').notNullable();
    // counts up, so that an UPDATE takes the row
    table.integer('holds').notNullable().defaultTo(0);
    table.bigInteger('created_at').notNullable();
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
