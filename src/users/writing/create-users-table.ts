import type { Knex } from 'knex';
import { describeTable } from '../../db/introspect.ts';

/** The table of the `default` preset, where the database has no table `users`. Gives whether it was made. */
export async function createUsersTable(db: Knex): Promise<boolean> {
  // Along the search path: a second one in front would hide the first.
  if (await describeTable(db, 'users')) return false;
  await db.schema.createTable('users', (table) => {
    table.increments('id');
    table.string('email', 254).notNullable().unique();
    table.string('username', 150);
    table.string('password_hash', 255);
    table.string('locale', 35);
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now());
    table.timestamp('updated_at').notNullable().defaultTo(db.fn.now());
  });
  return true;
}
