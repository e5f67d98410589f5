import type { Knex } from 'knex';
import { dialectOf, type Db } from '../connect.ts';
import { describeTable } from '../introspect.ts';

/** Longer than any statement of ours, shorter than an operator's patience: others may hold the tables. */
const PATIENCE_S = 10;

/** Does the work while no other connection can read or write these tables. The tables must be there. */
export async function holdTables<T>(
  db: Db,
  tables: readonly string[],
  work: (trx: Knex) => Promise<T>,
): Promise<T> {
  return db.transaction(async (trx) => {
    switch (dialectOf(trx)) {
      case 'sqlite':
        return work(trx); // the transaction has the whole file
      case 'postgres': {
        await trx.raw(`set local lock_timeout = '${PATIENCE_S}s'`);
        await trx.raw(`lock table ${tables.map(() => '??').join(', ')} in access exclusive mode`, [
          ...tables,
        ]);
        return work(trx);
      }
      case 'mysql': {
        await trx.raw(`set lock_wait_timeout = ${PATIENCE_S}`);
        await trx.raw(`lock tables ${tables.map(() => '?? write').join(', ')}`, [...tables]);
        return await work(trx).finally(() => trx.raw('unlock tables'));
      }
    }
  });
}

/** The counter of the ids goes on after the largest one; SQLite and MySQL see to that by themselves. */
export async function continueCounter(db: Db, table: string): Promise<void> {
  if (dialectOf(db) !== 'postgres') return;
  const id = (await describeTable(db, table))?.columns.find(({ name }) => name === 'id');
  if (id?.kind !== 'integer' || !id.hasDefault) return;
  await db.raw(
    `select setval(s.name, t.last) from (select pg_get_serial_sequence(?, 'id') as name) s,
      (select max(id) as last from ??) t where s.name is not null and t.last is not null`,
    [table, table],
  );
}
