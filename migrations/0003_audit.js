/** What happened, append-only. */
export async function up(knex) {
  await knex.schema.createTable('reset_audit', (table) => {
    table.bigIncrements('id');
    table.bigInteger('at').notNullable();
    table.string('event', 32).notNullable();
    table.string('result', 32).notNullable();
    table.string('request_id', 32);
    table.string('batch_id', 32);
    table.string('user_id', 255);
    table.string('actor_kind', 16).notNullable();
    table.string('actor_name', 255).notNullable();
    table.string('ticket', 255);
    table.text('details');
    table.index(['at'], 'reset_audit_at');
    table.index(['user_id', 'at'], 'reset_audit_user');
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
