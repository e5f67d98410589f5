/** Whose link it is: an application's preset for its own token, null for one of ours. */
export async function up(knex) {
  await knex.schema.alterTable('reset_tokens', (table) => {
    table.string('issuer', 32);
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
