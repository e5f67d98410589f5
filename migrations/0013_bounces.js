/**
 * Addresses to which a mail came back for good. `folded` is SHA-256 of the address as programs compare it (R67), because
 * a database may take two addresses for one; `address` is the one that was mailed, in lower case.
 */
export async function up(knex) {
  await knex.schema.createTable('reset_suppressed', (table) => {
    table.string('folded', 64).primary();
    table.string('address', 254).notNullable();
    table.string('user_id', 255).notNullable();
    table.string('request_id', 32).notNullable();
    table.string('batch_id', 32);
    // RFC 3463, such as 5.1.1
    table.string('status', 16);
    table.text('reply');
    table.string('source', 16).notNullable();
    table.bigInteger('bounced_at').notNullable();
    table.index(['address'], 'reset_suppressed_address');
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
