/**
 * What ends with the lock of a batch beyond what a reset ends: kinds of `users/access/entry.ts`, separated by commas. In
 * the row, because a batch is resumed by other processes. Null: a batch from before, or one that locks nobody.
 */
export async function up(knex) {
  await knex.schema.alterTable('reset_batches', (table) => {
    table.string('ends', 255);
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
