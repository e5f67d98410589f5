// Instants are milliseconds since the epoch: one type that every database orders and returns alike.

/** Mails to send: to which user and of which kind, never the link. */
export async function up(knex) {
  await knex.schema.createTable('reset_outbox', (table) => {
    table.bigIncrements('id');
    table.string('request_id', 32).notNullable();
    table.string('batch_id', 32);
    table.string('kind', 16).notNullable();
    table.string('user_id', 255).notNullable();
    table.string('recipient', 254);
    table.string('domain', 255);
    // the number of this mail among those to its domain: claiming in this order interleaves a batch's domains
    table.integer('position').notNullable().defaultTo(0);
    table.string('locale', 35);
    table.string('state', 16).notNullable();
    table.string('reason', 64);
    table.text('reply');
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('due_at').notNullable();
    table.string('claimed_by', 64);
    table.bigInteger('claimed_until');
    table.string('message_id', 255);
    table.string('actor_kind', 16).notNullable();
    table.string('actor_name', 255).notNullable();
    table.string('ticket', 255);
    table.integer('expires_in_s').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('settled_at');
    // when the user's password was replaced by one that nobody knows (breach mode)
    table.bigInteger('locked_at');
    table.index(['batch_id', 'state', 'due_at', 'position', 'id'], 'reset_outbox_due');
    table.index(['request_id'], 'reset_outbox_request');
    table.index(['user_id'], 'reset_outbox_user');
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
