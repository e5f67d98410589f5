/**
 * Issued tokens: all that is needed to make one again, but the secret. `iat` and `exp` are seconds, as in a JWT; which
 * of two in one second is the older, `id` says.
 */
export async function up(knex) {
  await knex.schema.createTable('reset_tokens', (table) => {
    table.bigIncrements('id');
    table.string('jti', 32).notNullable().unique('reset_tokens_jti');
    table.string('request_id', 32).notNullable().unique('reset_tokens_request');
    table.string('user_id', 255).notNullable();
    table.string('kid', 16).notNullable();
    table.bigInteger('iat').notNullable();
    table.bigInteger('exp').notNullable();
    table.string('fp', 64).notNullable();
    table.string('state', 16).notNullable();
    table.string('reason', 64);
    table.bigInteger('settled_at');
    table.index(['user_id', 'state'], 'reset_tokens_user');
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
