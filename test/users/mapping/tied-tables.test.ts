import { beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import { checkMapping, mappingOf } from '../../../src/users/mapping/index.ts';
import { presets } from '../../../src/users/presets/index.ts';
import type { Preset } from '../../../src/users/preset/preset.ts';
import { runOnReset } from '../../../src/users/writing/on-reset.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createExample } from '../../helpers/example-tables.ts';
import { exampleOf } from '../../helpers/examples.ts';

const otherTable = (step: object): string | undefined =>
  (step as { delete?: string }).delete ?? (step as { table?: string }).table;

const isAlike = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const codecOf = () => ({ join: () => 'x', split: () => ({}) });

const all = (presets as readonly Preset[]).filter(({ schema }) => schema === undefined);
const withTables = all.filter(({ onReset = [] }) => onReset.some(otherTable));
const joined = all.filter(({ emailIn, passwordIn }) => emailIn ?? passwordIn);

eachDatabase(
  'another users table beside the one that a preset knows',
  (open) => {
    let db: Db;
    beforeEach(async () => ({ db } = await open()));

    /** The preset's tables, and one more of users, `members`, with the same ids. */
    async function build(preset: Preset): Promise<Preset> {
      const table = preset.table.replace('{p}', preset.prefix ?? '');
      const { tables, rows, unique } = exampleOf(preset);
      const own = Object.keys(tables).find((each) => isAlike(each, preset.table))!;
      const parts = { hash: 'x', salt: 'y', algorithm: 'z' };
      await createExample(db, preset, parts);
      const example = {
        tables: { members: tables[own]! },
        rows: { members: rows[own] ?? [] },
        ...(unique?.[own] && { unique: { members: unique[own] } }),
      };
      await createExample(db, { ...preset, table, example } as Preset, parts);
      return preset;
    }

    it.each(withTables)('leaves the first table’s rows alone, and says so: $name', async (original) => {
      const preset = await build(original);
      if (preset.emailIn ?? preset.passwordIn) return;
      const mapping = await checkMapping(db, mappingOf(preset.name, { table: 'members' }, { codecOf }));
      expect(mapping.onReset.map(otherTable).filter((name) => name !== undefined)).toEqual([]);
      const there = Object.keys(exampleOf(preset).tables);
      const named = preset
        .onReset!.map(otherTable)
        .filter((name) => name !== undefined && there.some((each) => isAlike(each, name)));
      for (const name of named) {
        const table = name!.replace('{p}', preset.prefix ?? '');
        expect(mapping.skipped.join('\n')).toMatch(new RegExp(`table ${table}: .*no foreign key`, 'i'));
      }
    });

    it.each(joined)('takes no address or hash from the first table’s rows: $name', async (original) => {
      const preset = await build(original);
      await expect(
        checkMapping(db, mappingOf(preset.name, { table: 'members' }, { codecOf })),
      ).rejects.toThrow(/the preset takes it from the table .* no foreign key says/);
    });
  },
  ['sqlite'],
);

eachDatabase('a table beside the users', (open) => {
  let db: Db;
  beforeEach(async () => {
    ({ db } = await open());
    for (const name of ['users', 'admins']) {
      await db.schema.createTable(name, (t) => {
        t.increments('id');
        t.string('email', 100);
        t.string('password', 100);
      });
      await db(name).insert({ email: `one@${name}.example.com`, password: 'x' });
    }
  });

  const sessions = (target?: string) =>
    db.schema.createTable('sessions', (t) => {
      t.string('id', 40).primary();
      const column = t.integer('user_id').unsigned();
      if (target !== undefined) column.references(`${target}.id`);
    });
  const tablesFor = async (table: string) => {
    const { onReset, skipped } = await checkMapping(db, mappingOf('laravel', { table }));
    return {
      kept: onReset.map(otherTable).filter((name) => name !== undefined),
      skipped: skipped.join('\n'),
    };
  };

  it.each([
    { table: 'users', target: undefined, isKept: true, says: /^((?!sessions).)*$/s },
    { table: 'users', target: 'users', isKept: true, says: /^((?!sessions).)*$/s },
    {
      table: 'users',
      target: 'admins',
      isKept: false,
      says: /sessions: its column user_id refers to admins/,
    },
    { table: 'admins', target: undefined, isKept: false, says: /sessions: no foreign key/ },
    { table: 'admins', target: 'admins', isKept: true, says: /^((?!sessions).)*$/s },
    { table: 'admins', target: 'users', isKept: false, says: /sessions: its column user_id refers to users/ },
  ])('of $table is emptied if its key allows it: $target', async ({ table, target, isKept, says }) => {
    await sessions(target);
    const { kept, skipped } = await tablesFor(table);
    expect(kept).toEqual(isKept ? ['sessions'] : []);
    expect(skipped).toMatch(says);
  });

  it('ends the sessions of the collection that was named (Payload)', async () => {
    for (const name of ['users', 'customers']) {
      await db.schema.dropTableIfExists(name);
      await db.schema.createTable(name, (t) => {
        t.increments('id');
        t.string('email', 100);
        t.string('hash', 1024);
        t.string('salt', 100);
      });
      await db.schema.createTable(`${name}_sessions`, (t) => {
        t.string('id', 40).primary();
        t.integer('_parent_id');
      });
      await db(name).insert({ email: `one@${name}.example.com`, hash: 'x', salt: 'y' });
      await db(`${name}_sessions`).insert({ id: 'a', _parent_id: 1 });
    }
    const mapping = await checkMapping(db, mappingOf('payload', { table: 'customers' }, { codecOf }));
    const mia = (await findUser(db, mapping, { email: 'one@customers.example.com' }))!;
    expect(await runOnReset(db, mapping, mia, Date.now())).toEqual({ sessionsEnded: 1 });
    expect(await db('users_sessions')).toHaveLength(1);
    expect(await db('customers_sessions')).toHaveLength(0);
  });
});

describe('steps that the operator named', () => {
  it('are taken as they are', () => {
    const onReset = [{ delete: 'logins', where: { uid: '{id}' } }];
    expect(mappingOf('laravel', { table: 'admins', onReset }).onReset).toEqual(onReset);
  });
});
