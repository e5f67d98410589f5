/** Counters of the rate limiter (column names are its own); `expire` in milliseconds since the epoch. */
export async function up(knex) {
  await knex.schema.createTable('reset_throttle', (table) => {
    table.string('key', 255).primary();
    table.integer('points').notNullable().defaultTo(0);
    table.bigInteger('expire');
    table.index(['expire'], 'reset_throttle_expire');
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
