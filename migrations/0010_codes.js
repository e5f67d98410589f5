/**
 * One-time codes, which stand beside a token in its own row: how it reaches the person (`aloud` or by `mail`), a keyed
 * digest of it, until when it may be typed (seconds), how often it was judged, and whose browser typed it.
 */
export async function up(knex) {
  await knex.schema.alterTable('reset_tokens', (table) => {
    table.string('code_way', 8);
    table.string('code_mac', 64);
    table.bigInteger('code_exp');
    table.integer('code_tries').notNullable().defaultTo(0);
    table.string('code_holder', 64);
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
