import type { Knex } from 'knex';
import type { Db } from '../../src/db/connect.ts';

/** The users of an application as the default preset reads them, with more columns of its own. */
export async function createUsersTable(
  db: Db,
  addColumns: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  await db.schema.createTable('users', (table) => {
    table.increments('id');
    table.string('email', 254);
    table.string('password_hash', 255);
    addColumns(table);
  });
}
