import { expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { prepareSelect, runSelect } from '../../src/db/prepare-select.ts';
import { eachDatabase } from '../helpers/databases.ts';

eachDatabase('a prepared select', (open) => {
  const people = async () => {
    const { db, url } = await open();
    await db.schema.createTable('people', (t) => {
      t.increments('id');
      t.string('name', 20);
    });
    await db('people').insert([{ name: 'Susan' }, { name: 'Wei' }]);
    const select = prepareSelect(db('people').select({ id: 'id', who: 'name' }).where({ name: 'anybody' }));
    return { db, url, select };
  };

  it('gives the rows that the builder gives, for each value that it is asked for', async () => {
    const { db, select } = await people();
    for (const name of ['Susan', 'Wei', 'Nobody', 'Susan']) {
      const built = (await db('people').select({ id: 'id', who: 'name' }).where({ name })) as unknown[];
      expect(await runSelect(db, select, [name])).toEqual(built);
    }
  });

  it('sees what a transaction has written, inside it, and what others wrote since it was asked last', async () => {
    const { db, url, select } = await people();
    expect(await runSelect(db, select, ['Ana'])).toEqual([]);
    await db.transaction(async (trx) => {
      await trx('people').insert({ name: 'Ana' });
      expect(await runSelect(trx, select, ['Ana'])).toHaveLength(1);
    });
    const other = await connect(url);
    await other('people').where({ name: 'Ana' }).update({ name: 'Anna' });
    await other.destroy();
    expect(await runSelect(db, select, ['Ana'])).toEqual([]);
    expect(await runSelect(db, select, ['Anna'])).toHaveLength(1);
  });

  it('does not hold up a writer, nor a change of the table, nor the end', async () => {
    const { db, url, select } = await people();
    await runSelect(db, select, ['Susan']);
    const other = await connect(url);
    await other('people').where({ name: 'Susan' }).update({ name: 'Sue' });
    await other.schema.alterTable('people', (t) => t.string('city', 20));
    await other.destroy();
    expect(await runSelect(db, select, ['Sue'])).toHaveLength(1);
    await db.destroy();
  });

  it('fails as any query does, and works once the reason is gone', async () => {
    const { db, select } = await people();
    await db.schema.renameTable('people', 'persons');
    await expect(runSelect(db, select, ['Susan'])).rejects.toThrow(/people/);
    await db.schema.renameTable('persons', 'people');
    expect(await runSelect(db, select, ['Susan'])).toHaveLength(1);
  });
});
