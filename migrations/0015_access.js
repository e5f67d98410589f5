/**
 * What a mail of kind `access` tells its person about: kinds of `users/access/entry.ts`, separated by commas; `demanded`
 * for a new password that must be chosen. Null: a mail that says everything by its kind.
 */
export async function up(knex) {
  await knex.schema.alterTable('reset_outbox', (table) => {
    table.string('about', 255);
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
