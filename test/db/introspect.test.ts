import { expect, it } from 'vitest';
import { describeTable, listTables } from '../../src/db/introspect.ts';
import { eachDatabase } from '../helpers/databases.ts';

eachDatabase('describeTable', (open, dialect) => {
  it('lists columns, their widths and what is unique', async () => {
    const { db } = await open();
    await db.schema.createTable('people', (t) => {
      t.increments('id');
      t.string('email', 120).notNullable().unique();
      t.string('first', 20);
      t.string('last', 20).defaultTo('x');
      t.boolean('active');
      t.binary('photo');
      t.uuid('public_id');
      t.timestamp('created_at');
      t.unique(['first', 'last']);
    });
    const table = (await describeTable(db, 'people'))!;
    expect(table.columns.map(({ name, nullable, hasDefault }) => [name, nullable, hasDefault])).toEqual([
      ['id', false, dialect !== 'sqlite'],
      ['email', false, false],
      ['first', true, false],
      ['last', true, true],
      ['active', true, false],
      ['photo', true, false],
      ['public_id', true, false],
      ['created_at', true, false],
    ]);
    const kinds = [
      'integer',
      'text',
      'text',
      'text',
      'boolean',
      'binary',
      dialect === 'postgres' ? 'uuid' : 'text',
      'time',
    ];
    expect(table.columns.map(({ kind }) => kind)).toEqual(kinds);
    expect(table.columns[1]?.maxLength).toBe(dialect === 'sqlite' ? null : 120);
    expect(table.unique.map((columns) => columns.join()).sort()).toEqual(['email', 'first,last', 'id']);
  });

  it('does not take a partial unique index for a promise', async () => {
    const { db } = await open();
    await db.schema.createTable('people', (t) => {
      t.increments('id');
      t.string('email', 120);
      t.index(['email']);
    });
    // MySQL has no partial indexes
    if (dialect !== 'mysql') await db.raw(`create unique index part on people (email) where id > 5`);
    expect((await describeTable(db, 'people'))?.unique).toEqual([['id']]);
  });

  it('knows no missing table, and lists those that exist', async () => {
    const { db } = await open();
    await db.schema.createTable('UPPER', (t) => t.increments('id'));
    expect(await describeTable(db, 'nobody')).toBeUndefined();
    expect(await describeTable(db, "x'; drop table y")).toBeUndefined();
    expect((await listTables(db)).map((name) => name.toUpperCase())).toContain('UPPER');
  });
});
