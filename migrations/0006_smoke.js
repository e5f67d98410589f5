/** What `reset smoke` has to put right: written before it changes a user, removed when all is as it was. */
export async function up(knex) {
  await knex.schema.createTable('reset_smoke', (table) => {
    table.bigIncrements('id');
    table.string('user_id', 255).notNullable();
    // the hash to put back; null: the user was made for the run and goes with it
    table.text('encoded');
    table.bigInteger('created_at').notNullable();
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
