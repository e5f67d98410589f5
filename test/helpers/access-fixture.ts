import { existsSync, readFileSync } from 'node:fs';
import type { Db } from '../../src/db/connect.ts';
import type { Scalar, User } from '../../src/types.ts';
import { exampleTable } from './example-tables.ts';
import { exampleOf, type Example, type ExampleColumn, type ExamplePreset } from './examples.ts';

type Rows = Readonly<Record<string, readonly Readonly<Record<string, Scalar>>[]>>;

/**
 * `test/fixtures/access/NAME.json`: what a preset's `access` is about, in tables as the application makes them, on top of
 * its example. In rows, `{id}`, `{email}` and `{username}` stand for the user, `{1}` and `{t1}` for keys of her rows.
 */
export interface AccessFixture {
  readonly tables?: Readonly<Record<string, Readonly<Record<string, ExampleColumn>>>>;
  /** columns of the user's own row */
  readonly user?: Readonly<Record<string, Scalar>>;
  /** table → columns of its first row in the example */
  readonly patch?: Readonly<Record<string, Readonly<Record<string, Scalar>>>>;
  readonly rows?: Rows;
  /** rows of hers that nothing may touch */
  readonly stays?: Rows;
  /** kind → how many there are */
  readonly counts?: Readonly<Record<string, number>>;
}

export function readAccessFixture(name: string): AccessFixture {
  const file = new URL(`../fixtures/access/${name}.json`, import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as AccessFixture) : {};
}

/** A preset whose example has the tables and the user's columns of the fixture, too. */
export function withAccess(
  preset: ExamplePreset,
  { tables = {}, user = {}, patch = {} }: AccessFixture,
): ExamplePreset {
  const example = exampleOf(preset);
  const merged: Example['tables'] = Object.fromEntries(
    [...new Set([...Object.keys(example.tables), ...Object.keys(tables)])].map((table) => [
      table,
      { ...example.tables[table], ...tables[table] },
    ]),
  );
  const patches = { [preset.table]: user, ...patch };
  const rows = Object.fromEntries(
    Object.entries(example.rows).map(([table, [first, ...others]]) => [
      table,
      first ? [{ ...first, ...patches[table] }, ...others] : [],
    ]),
  );
  return { ...preset, example: { ...example, tables: merged, rows } };
}

/** Adds the rows of the user and the same of somebody else; gives those that must stay. */
export async function addAccessRows(
  db: Db,
  preset: ExamplePreset,
  user: User,
  { rows = {}, stays = {} }: AccessFixture,
): Promise<{ table: string; row: Record<string, Scalar> }[]> {
  const kept: { table: string; row: Record<string, Scalar> }[] = [];
  const add = async (table: string, row: Record<string, Scalar>, mustStay: boolean): Promise<void> => {
    const name = exampleTable(preset, table);
    const key = keyOf(preset, table, row);
    await db(name).insert({ ...key, ...row });
    if (mustStay) kept.push({ table: name, row: { ...key, ...row } });
  };
  for (const [table, each] of Object.entries(rows)) {
    for (const row of each) {
      await add(table, fill(row, user, 'hers'), false);
      const isShared = !/\{\w+\}/.test(JSON.stringify(row));
      if (!isShared) await add(table, fill(row, neighbourOf(user), 'other'), true);
    }
  }
  for (const [table, each] of Object.entries(stays))
    for (const row of each) await add(table, fill(row, user, 'kept'), true);
  return kept;
}

let made = 0;

/** A primary key of text that the row leaves out. */
function keyOf(preset: ExamplePreset, table: string, row: Record<string, Scalar>): Record<string, string> {
  const [[column, type] = []] = Object.entries(exampleOf(preset).tables[table] ?? {});
  const isMissing = column !== undefined && row[column] === undefined && type?.startsWith('string:') === true;
  return isMissing ? { [column]: `made-${(made += 1)}` } : {};
}

/** Another user with an id of the same kind. */
const neighbourOf = (user: User): User => ({
  ...user,
  id: /^\d+$/.test(user.id)
    ? String(Number(user.id) + 4)
    : user.id.replace(/.$/, (last) => (last === '9' ? '8' : '9')),
  email: 'other@example.com',
  username: 'somebody',
});

const OFFSETS = { hers: 100, other: 200, kept: 300 };

function fill(
  row: Readonly<Record<string, Scalar>>,
  user: User,
  whose: keyof typeof OFFSETS,
): Record<string, Scalar> {
  const value = (given: Scalar): Scalar => {
    if (typeof given !== 'string') return given;
    const number = /^\{(\d)\}$/.exec(given);
    if (number) return OFFSETS[whose] + Number(number[1]);
    return given
      .replace(/^\{t(\d)\}$/, `${whose}-$1`)
      .replace('{id}', user.id)
      .replace('{email}', user.email)
      .replace('{username}', user.username ?? '');
  };
  return Object.fromEntries(Object.entries(row).map(([column, given]) => [column, value(given)]));
}
