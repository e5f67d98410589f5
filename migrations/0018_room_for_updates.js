/**
 * PostgreSQL writes a changed row anew: on the same page, if there is room, and otherwise with an entry in every index.
 * Each recipient of a lock is changed right after the plan, and none of what changes is in an index. Only pages that are
 * written from now on have this room.
 */
export async function up(knex) {
  if (knex.client.driverName === 'pg') await knex.raw('alter table reset_outbox set (fillfactor = 50)');
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
