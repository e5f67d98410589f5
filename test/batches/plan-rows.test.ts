import { expect, it } from 'vitest';
import { getBatch } from '../../src/batches/batch.ts';
import { createBatch } from '../../src/batches/create-batch.ts';
import { planRows } from '../../src/batches/plan-rows.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { eachDatabase } from '../helpers/databases.ts';

const NOW = 1_800_000_000_000;
const PEOPLE = 200;

eachDatabase('the rows of a plan', (open, dialect) => {
  it('get numbers of their own, 80 bits of them random, in the order in which they are written', async () => {
    const { db } = await open();
    await migrateUp(db);
    const facts = { digest: 'd', selection: 'all', actor: { kind: 'operator', name: 'me' } } as const;
    const more = { expiresInMs: 60_000, isLocking: false, route: 'setup' };
    const batch = await getBatch(db, await createBatch(db, { ...facts, ...more }, NOW));
    if (!batch) throw new Error('There is no batch.');
    await db.schema.createTable('people', (table) => {
      table.integer('id').primary();
      table.string('email');
    });
    const people = Array.from({ length: PEOPLE }, (_, id) => ({ id, email: `user${id}@example.com` }));
    await db('people').insert(people);
    const flag = (answer: boolean) => db.raw(answer ? '1 = 1' : '1 = 0');
    const id = db.raw(`cast(id as ${dialect === 'mysql' ? 'char' : 'text'})`);
    const users = () =>
      db('people')
        .select({ id, email: 'email', locale: db.raw(`'en'`), is_active: flag(true) })
        .select({ is_refused: flag(false), is_changed: flag(false), is_excepted: flag(false) });
    for (const now of [NOW, NOW + 1000])
      await db.transaction((trx) =>
        planRows(trx, batch, { users: users(), firstPosition: 0, isMailed: true }, now),
      );
    const ids = await db('reset_outbox').orderBy('id').pluck<string[]>('request_id');
    expect(ids).toHaveLength(2 * PEOPLE);
    for (const each of ids) expect(each).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(ids.map((each) => each.slice(12))).size).toBe(ids.length);
    const places = ids.map((each) => each.slice(0, 12));
    expect(places).toEqual(places.toSorted());
    expect(new Set(places).size).toBeGreaterThan(2);
  });
});
