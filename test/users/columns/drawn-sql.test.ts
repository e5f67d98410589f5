import { expect, it } from 'vitest';
import { drawnSql, type Drawn } from '../../../src/users/columns/drawn-sql.ts';
import { eachDatabase } from '../../helpers/databases.ts';

const ROWS = 400;
const KINDS: readonly (readonly [words: string, drawn: Drawn, shape: RegExp, symbols: number])[] = [
  ['characters', { random: 12 }, /^[a-zA-Z0-9]{12}$/, 62],
  ['many characters', { random: 200 }, /^[a-zA-Z0-9]{200}$/, 62],
  ['an odd number of hexadecimal digits', { random: 33, digits: 'hex' }, /^[0-9a-f]{33}$/, 16],
  ['a UUID', { uuid: true }, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 17],
];

eachDatabase('a value that the database draws for each row', (open) => {
  it.each(KINDS)('%s', async (_words, drawn, shape, symbols) => {
    const { db } = await open();
    await db.schema.createTable('drawn', (table) => {
      table.integer('id').primary();
      table.string('value', 255);
      table.uuid('key');
    });
    await db('drawn').insert(Array.from({ length: ROWS }, (_, id) => ({ id })));
    await db('drawn').update({ value: drawnSql(db, drawn), key: drawnSql(db, { uuid: true }) });
    const values = await db('drawn').pluck<string[]>('value');
    for (const value of values) expect(value).toMatch(shape);
    expect(new Set(values).size).toBe(ROWS);
    expect(new Set(await db('drawn').pluck<string[]>('key')).size).toBe(ROWS);
    // every symbol appears at almost every place: nothing is fixed that should be drawn
    expect(new Set(values.join('')).size).toBe(symbols);
    const places = Array.from(
      { length: (values[0] ?? '').length },
      (_, at) => new Set(values.map((value) => value[at])).size,
    );
    const fixed = places.filter((size) => size === 1).length;
    expect(fixed).toBe('uuid' in drawn ? 5 : 0); // four hyphens and the version
  });
});
