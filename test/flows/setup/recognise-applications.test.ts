import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { detectApplication } from '../../../src/flows/setup/detect-application.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { eachDatabase } from '../../helpers/databases.ts';

/** The schema of a public application: names of tables and columns, and where they were read. */
interface Application {
  readonly application: string;
  readonly version: string;
  /** repository, path and commit */
  readonly source: string;
  /** what must be recognised; null: nothing, whatever it looks like */
  readonly preset: string | null;
  /** table → its columns; the first one is the primary key */
  readonly tables: Readonly<Record<string, string>>;
  /** tables of whose columns nothing is said */
  readonly others?: string;
  /** a user, where the hash is in one column */
  readonly row?: { readonly table: string; email: string; password: string; format: string };
  /** what is proposed instead, as `table(id, email, password)` */
  readonly proposed?: string;
  /** presets that are offered, none of which may be chosen without the operator's word */
  readonly offered?: string;
  /** presets of its other releases, which this one must not be taken for */
  readonly other?: string;
}

const applications = JSON.parse(
  readFileSync(new URL('../../fixtures/applications.json', import.meta.url), 'utf8'),
) as Application[];
const names = (list: readonly Application[]) => new Set(list.map(({ application }) => application));

describe('the corpus', () => {
  it('has sixty applications, and twenty-five that no preset is for', () => {
    expect(names(applications).size).toBeGreaterThanOrEqual(60);
    expect(names(applications.filter(({ preset }) => preset === null)).size).toBeGreaterThanOrEqual(25);
  });

  // `default` is the table that reset makes itself.
  it.each(presets.map(({ name }) => name).filter((name) => name !== 'default'))(
    'has two releases for the preset %s, one of them its own',
    (name) => {
      const own = applications.filter(({ preset, offered }) => [preset, ...words(offered)].includes(name));
      const other = applications.filter((each) => words(each.other).includes(name));
      expect(own.length).toBeGreaterThanOrEqual(1);
      expect(
        new Set([...own, ...other].map(({ source, version }) => `${source} ${version}`)).size,
      ).toBeGreaterThan(1);
    },
  );

  it('says for each where it was read', () => {
    for (const { source } of applications) expect(source).toMatch(/^[\w.-]+\/[\w.-]+ \S.*@[0-9a-f]{7,}$/);
  });
});

eachDatabase(
  'recognition',
  (open, dialect) => {
    const possible = applications.filter(({ tables }) => dialect === 'postgres' || !('auth.users' in tables));

    it('takes no application for another, and proposes how to read a table of nobody', async () => {
      const { db } = await open();
      if (dialect === 'sqlite') await db.raw('pragma synchronous = off');
      const seen: unknown[] = [];
      for (const each of possible) {
        await create(db, each);
        const { best, candidates } = await detectApplication({ usersDb: db });
        const proposed = candidates.find(({ title }) => title.startsWith('your own table'))?.users;
        seen.push([
          each.application,
          each.version,
          best?.preset ?? null,
          ...(proposed
            ? [
                `${text(proposed, 'table')}(${text(proposed, 'id')}, ${text(proposed, 'email')}, ${text(proposed, 'password')})`,
              ]
            : []),
          ...words(each.offered).filter((name) => candidates.some(({ preset }) => preset === name)),
        ]);
        await drop(db, each);
      }
      expect(seen).toEqual(
        possible.map(({ application, version, preset, proposed, offered }) => [
          application,
          version,
          preset,
          ...(proposed === undefined ? [] : [proposed]),
          ...words(offered),
        ]),
      );
    });
  },
  ['sqlite', 'postgres'],
);

const words = (list = ''): string[] => list.split(' ').filter((word) => word !== '');
const text = (users: Readonly<Record<string, unknown>>, key: string): string => String(users[key]);

async function create(db: Db, { tables, others = '', row }: Application): Promise<void> {
  if ('auth.users' in tables) await db.raw('create schema auth');
  for (const [table, columns] of [
    ...Object.entries(tables),
    ...others.split(' ').map((name) => [name, 'id'] as const),
  ]) {
    if (table === '') continue;
    const [id = '', ...more] = columns.split(' ');
    await db.schema.createTable(table, (created) => {
      created.string(id, 40);
      created.primary([id], `${table.replace('.', '_')}_key`);
      for (const column of more) created.text(column);
    });
  }
  if (!row) return;
  const cells = [
    [row.email, 'susan@example.com'],
    [row.password, findFormat(row.format).examples[0]!.encoded],
  ] as const;
  const rows = new Map<string, Record<string, string>>();
  for (const [place, value] of cells) {
    const [column = '', table = row.table] = place.split('.').reverse();
    rows.set(table, { ...rows.get(table), [column]: value });
  }
  for (const [table, values] of rows) {
    const [id = ''] = tables[table]!.split(' ');
    await db(table).insert({ [id]: '1', ...values });
  }
}

async function drop(db: Db, { tables, others = '' }: Application): Promise<void> {
  for (const table of [...Object.keys(tables), ...others.split(' ')])
    if (table !== '') await db.schema.dropTable(table);
  if ('auth.users' in tables) await db.raw('drop schema auth');
}
