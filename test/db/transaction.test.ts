import { expect, it } from 'vitest';
import { connect, type Db } from '../../src/db/connect.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { eachDatabase } from '../helpers/databases.ts';

eachDatabase('inTransaction', (open) => {
  it('retries what lost a deadlock until both are done', async () => {
    const { db, url } = await open();
    const other = await connect(url);
    await db.schema.createTable('t', (t) => {
      t.integer('id').primary();
      t.integer('n');
    });
    await db('t').insert([
      { id: 1, n: 0 },
      { id: 2, n: 0 },
    ]);
    const bothHoldOne = meetingOf(2);
    const crosswise = (from: Db, first: number, second: number) =>
      inTransaction(from, async (trx) => {
        await trx('t').where({ id: first }).increment('n', 1);
        await Promise.race([bothHoldOne(), new Promise((resolve) => setTimeout(resolve, 200))]);
        await trx('t').where({ id: second }).increment('n', 1);
      });
    await Promise.all([crosswise(db, 1, 2), crosswise(other, 2, 1)]).finally(() => other.destroy());
    expect(await db('t').orderBy('id').pluck('n')).toEqual([2, 2]);
  });

  it('gives the connection back clean after a failure', async () => {
    const { db } = await open();
    await db.schema.createTable('t', (t) => t.integer('n'));
    const failing = inTransaction(db, async (trx) => {
      await trx('t').insert({ n: 1 });
      await trx('no_such_table').insert({ n: 1 });
    });
    await expect(failing).rejects.toMatchObject({ code: 'config_invalid' });
    await inTransaction(db, async (trx) => trx('t').insert({ n: 2 }));
    expect(await db('t').pluck('n')).toEqual([2]);
  });

  it('runs a transaction inside another as part of it', async () => {
    const { db } = await open();
    await db.schema.createTable('t', (t) => t.integer('n'));
    await inTransaction(db, async (trx) => {
      await trx('t').insert({ n: 1 });
      await inTransaction(trx, async (inner) => {
        await inner('t').insert({ n: 2 });
        throw new RangeError('undo');
      }).catch(() => undefined);
    });
    expect(await db('t').pluck('n')).toEqual([1]);
  });
});

/** Resolves for everybody once this many have arrived. */
function meetingOf(count: number): () => Promise<void> {
  let arrived = 0;
  let open: () => void;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return all;
  };
}
