/** Many requests as one thing. Its recipients are rows of reset_outbox. */
export async function up(knex) {
  await knex.schema.createTable('reset_batches', (table) => {
    table.string('id', 32).primary();
    // of the selection: the same `send` finds its unfinished batch
    table.string('digest', 64).notNullable();
    table.string('state', 16).notNullable();
    table.string('pause_reason', 255);
    // while it is planned or locked: until when the process that does it is believed to live
    table.bigInteger('planned_until');
    table.string('selection', 1000).notNullable();
    table.string('actor_kind', 16).notNullable();
    table.string('actor_name', 255).notNullable();
    table.string('ticket', 255);
    table.text('reason');
    table.string('redirect_to', 254);
    table.integer('expires_in_s').notNullable();
    table.double('rate');
    table.double('rate_per_domain');
    // how many more may go out before the batch pauses for a look; null: all
    table.integer('canary_left');
    table.boolean('is_locking').notNullable().defaultTo(false);
    // transport errors in a row over all workers, and since when: the circuit breaker
    table.integer('errors').notNullable().defaultTo(0);
    table.bigInteger('errors_since');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('started_at');
    table.bigInteger('ended_at');
    table.index(['state'], 'reset_batches_state');
    table.index(['digest'], 'reset_batches_digest');
  });
  // When the next mail may go, in microseconds of the database's clock: one limiter for all workers.
  await knex.schema.createTable('reset_rate', (table) => {
    table.string('key', 255).primary();
    table.bigInteger('next_at').notNullable();
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
