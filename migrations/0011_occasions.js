/**
 * Why a person gets a link: asked for on the `page`, sent by `support`, or demanded of many in a `batch`. Null on rows
 * from before; the actor says then who caused them.
 */
export async function up(knex) {
  for (const name of ['reset_outbox', 'reset_tokens']) {
    await knex.schema.alterTable(name, (table) => {
      table.string('occasion', 8);
    });
  }
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
