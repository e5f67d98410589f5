import type { Knex } from 'knex';
import { dialectOf, type Db } from '../../src/db/connect.ts';
import { exampleOf, type ExampleColumn, type ExamplePreset } from './examples.ts';

/** The name of a table of the preset's example in a database: with the prefix and the schema. */
export function exampleTable(preset: ExamplePreset, table: string): string {
  const name = table.replaceAll('{p}', preset.prefix ?? '');
  return preset.schema === undefined ? name : `${preset.schema}.${name}`;
}

/** A preset as this dialect can hold it: only PostgreSQL has schemas of Supabase's kind. */
export function presetFor(db: Db, preset: ExamplePreset): ExamplePreset {
  if (dialectOf(db) === 'postgres') return preset;
  return Object.fromEntries(
    Object.entries(preset).filter(([key]) => key !== 'schema'),
  ) as unknown as ExamplePreset;
}

/** The preset's example tables with their rows; `{password}` and `{password.ROLE}` become the parts given. */
export async function createExample(
  db: Db,
  preset: ExamplePreset,
  parts: Readonly<Record<string, string>>,
): Promise<void> {
  if (preset.schema !== undefined) await db.raw('create schema ??', [preset.schema]);
  for (const [name, columns] of Object.entries(exampleOf(preset).tables)) {
    const schema = preset.schema === undefined ? db.schema : db.schema.withSchema(preset.schema);
    await schema.createTable(name.replaceAll('{p}', preset.prefix ?? ''), (table) => {
      for (const [index, [column, type]] of Object.entries(columns).entries()) {
        const builder = addColumn(table, column, type);
        if (index === 0 && type !== 'increments') builder.primary();
      }
      const unique = exampleOf(preset).unique?.[name];
      if (unique) table.unique([...unique]);
    });
  }
  for (const [name, rows] of Object.entries(exampleOf(preset).rows)) {
    for (const [index, row] of rows.entries())
      await db(exampleTable(preset, name)).insert({ ...keyOf(preset, name, index), ...fill(row, parts) });
  }
}

/** For rows that leave out their primary key; numbers and UUIDs are given by the database or by the row. */
function keyOf(preset: ExamplePreset, table: string, index: number): Record<string, string> {
  const [[column, type] = []] = Object.entries(exampleOf(preset).tables[table] ?? {});
  return column !== undefined && type?.startsWith('string:') === true ? { [column]: `row-${index}` } : {};
}

function fill(
  row: Readonly<Record<string, unknown>>,
  parts: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const filled = Object.entries(row).map(([column, value]) => {
    const role = /^\{password(?:\.(\w+))?\}$/.exec(String(value));
    return [column, role ? parts[role[1] ?? 'hash'] : value];
  });
  return Object.fromEntries(filled);
}

function addColumn(table: Knex.CreateTableBuilder, column: string, type: ExampleColumn): Knex.ColumnBuilder {
  switch (type) {
    case 'increments':
    case 'integer':
    case 'boolean':
    case 'text':
    case 'uuid':
    case 'timestamp':
    case 'binary':
      return table[type](column);
    case 'bigint':
      return table.bigInteger(column);
    default:
      return table.string(column, Number(type.slice('string:'.length)));
  }
}
