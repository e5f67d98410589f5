import { expect, it } from 'vitest';
import { among } from '../../src/db/among.ts';
import { eachDatabase } from '../helpers/databases.ts';

/** Texts that mean something in an array of PostgreSQL's, unless they are quoted. */
const TEXTS = ['', 'NULL', 'null', '{}', 'a,b', ' a ', '"', '\\', `\\"'`, '${x}', '?', '??', 'ü', '1'];

eachDatabase('one of many values', (open) => {
  it('is found by each of them, whatever they hold, and by nothing else', async () => {
    const { db } = await open();
    await db.schema.createTable('things', (table) => {
      table.integer('id').primary();
      table.string('name', 255);
    });
    await db('things').insert([...TEXTS, 'another', null].map((name, id) => ({ id, name })));
    const found = await db('things')
      .where(among(db, 'name', TEXTS))
      .orderBy('id')
      .pluck('name');
    expect(found).toEqual(TEXTS);
    for (const [id, text] of TEXTS.entries())
      expect(
        await db('things')
          .where(among(db, 'name', [text]))
          .pluck('id'),
      ).toContain(id);
    expect(
      await db('things')
        .where(among(db, 'id', [3, 1, 99]))
        .orderBy('id')
        .pluck('id'),
    ).toEqual([1, 3]);
    expect(
      await db('things')
        .where(among(db, 'name', [null]))
        .pluck('id'),
    ).toEqual([]);
    expect(
      await db('things')
        .where(among(db, 'id', []))
        .pluck('id'),
    ).toEqual([]);
  });

  it('may be a number larger than the column holds', async () => {
    const { db } = await open();
    await db.schema.createTable('things', (table) => void table.integer('id').primary());
    await db('things').insert([{ id: 1 }, { id: 2 }]);
    const ids = ['2', '9223372036854775807'];
    expect(
      await db('things')
        .where(among(db, 'id', ids, 'bigint'))
        .pluck('id'),
    ).toEqual([2]);
  });
});
