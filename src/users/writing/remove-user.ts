import type { Knex } from 'knex';

/** Removes one row of the `default` preset's table; gives whether it was there. */
export async function removeUser(db: Knex, id: string): Promise<boolean> {
  return (await db('users').where({ id }).delete()) === 1;
}
