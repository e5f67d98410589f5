import { beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import {
  checkMapping,
  mappingOf,
  resolveMapping,
  type UsersMapping,
} from '../../../src/users/mapping/index.ts';
import type { Identifier } from '../../../src/users/store/identifier.ts';
import { findNearUsers } from '../../../src/users/reading/near-users.ts';
import { listUsers } from '../../../src/users/reading/list-users.ts';
import { searchUsers } from '../../../src/users/reading/search-users.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { COUNTED_ID, eachDatabase } from '../../helpers/databases.ts';
import { createExample, presetFor } from '../../helpers/example-tables.ts';

const options = { limit: 20, budgetMs: 10_000 };

const people = [
  ['susan.miller@example.com', 'susan', 'Susan', 'Miller'],
  ['smiller@work.example', 'smiller', 'Susan', 'Miller-Smith'],
  ['Mike@Example.com', 'mike', 'Mike', '100%_sure'],
  ['jens@example.org', 'JENS', 'Jens', 'Müller'],
  ['aylin@example.com', 'aylin', 'AYLİN', 'ÖZGÜR'],
] as const;

/** Collations and types of the address, with and without an index that a search can use. */
const SHAPES = {
  sqlite: [
    ['text', ''],
    ['text collate nocase', 'create index by_email on auth_user (email)'],
  ],
  postgres: [
    ['varchar(254)', 'create index by_email on auth_user (email)'],
    ['text', "create index by_lower on auth_user (lower(email)) where email <> ''"],
    ['citext', 'create unique index by_email on auth_user (email)'],
    ['varchar(254) collate "C"', ''],
  ],
  mysql: [
    ['varchar(254) collate utf8mb4_general_ci', 'create index by_email on auth_user (email)'],
    ['varchar(254) collate utf8mb4_bin', 'create index by_email on auth_user (email)'],
    ['varbinary(254)', ''],
  ],
} as const;

eachDatabase('a search for users', (open, dialect) => {
  let db: Db;
  let mapping: UsersMapping;

  async function createUsers(type: string, index: string): Promise<void> {
    if (type === 'citext') await db.raw('create extension citext');
    await db.raw(
      `create table auth_user (id ${COUNTED_ID[dialect]}, email ${type}, username varchar(150) unique, first_name varchar(150), last_name varchar(150), password varchar(128), is_active boolean)`,
    );
    if (index !== '') await db.raw(index);
    await db('auth_user').insert(
      people.map(([email, username, first_name, last_name]) => ({
        email,
        username,
        first_name,
        last_name,
        password: 'x',
        is_active: true,
      })),
    );
    mapping = await checkMapping(db, mappingOf('django'));
  }

  const found = async (text: string): Promise<string[]> =>
    (await searchUsers(db, mapping, text, options)).users.map(({ id }) => id);

  beforeEach(async () => {
    ({ db } = await open());
  });

  describe.each(SHAPES[dialect] as readonly (readonly [string, string])[])('%s, index: %s', (type, index) => {
    beforeEach(() => createUsers(type, index));

    it('finds by any part of what identifies a person', async () => {
      const expected: readonly (readonly [string, readonly string[]])[] = [
        ['susan miller', ['1', '2']],
        ['MILLER', ['1', '2']],
        ['SUSAN.MILLER@EXAMPLE.COM', ['1']],
        ['@work', ['2']],
        ['mike@exa', ['3']],
        ['jens', ['4']],
        ['Müller', ['4']],
        ['MÜLLER', ['4']],
        ['özgür', ['5']],
        ['4', ['4']],
        ['%', ['3']],
        ['100%_s', ['3']],
        ['1__%', []],
        ['!', []],
        [`'; drop table auth_user`, []],
        ['susan mike', []],
        ['\u0000\u001b[2J', []],
        ['𝓢\ud800', []],
        ['', []],
      ];
      for (const [text, ids] of expected) expect([text, (await found(text)).sort()]).toEqual([text, ids]);
    });

    it('gives first and last name, and the best fit first', async () => {
      const { users } = await searchUsers(db, mapping, 'smiller', options);
      expect(users[0]).toMatchObject({ id: '2', fullName: 'Susan Miller-Smith' });
    });

    it('knows who may have been meant', async () => {
      const expected: readonly (readonly [Identifier, readonly string[]])[] = [
        [{ email: 'susan.miller@exmaple.com' }, ['1']],
        [{ email: 'suasn.miller@example.com' }, ['1']],
        [{ email: 'zusan.miller@example.com' }, ['1']],
        [{ email: 'jens@example.com' }, ['4']],
        [{ email: 'MIKE@example.org' }, ['3']],
        [{ email: 'susan' }, ['1']],
        [{ username: 'Jens' }, ['4']],
        [{ username: 'smiler' }, ['2']],
        [{ email: '%@example.com' }, []],
        [{ email: 'nobody.else@example.net' }, []],
        [{ id: '1' }, []],
      ];
      for (const [identifier, ids] of expected) {
        const near = await findNearUsers(db, mapping, identifier);
        expect([identifier, near.map(({ id }) => id)]).toEqual([identifier, ids]);
      }
    });
  });

  it('says when there are more than asked for, and when the time was up', async () => {
    await createUsers('varchar(254)', '');
    const rows = Array.from({ length: 20_030 }, (_, index) => ({
      email: `p${index}@example.com`,
      username: `p${index}`,
      password: 'x',
      is_active: true,
    }));
    await db.batchInsert('auth_user', rows, 400);
    const many = await searchUsers(db, mapping, 'example', options);
    expect([many.users.length, many.hasMore, many.isComplete]).toEqual([20, true, true]);
    const last = await searchUsers(db, mapping, '20029@example', options);
    expect(last.users.map(({ email }) => email)).toEqual(['p20029@example.com']);
    const short = await searchUsers(db, mapping, '20029@example', { limit: 20, budgetMs: -1 });
    expect(short).toEqual({ users: [], hasMore: false, isComplete: false });
  });

  it('lists those who match, in pages', async () => {
    await createUsers('varchar(254)', '');
    const ids: string[] = [];
    for await (const { id } of listUsers(db, mapping, { search: 'susan MILLER' })) ids.push(id);
    expect(ids).toEqual(['1', '2']);
  });

  it.each(presets.map((preset) => [preset.name, preset] as const))(
    'finds the user of %s by a part of the address',
    async (_, registered) => {
      const preset = presetFor(db, registered);
      const parts = Object.fromEntries(
        typeof preset.columns.password === 'string'
          ? [['hash', 'x']]
          : Object.keys(preset.columns.password).map((role) => [role, 'x']),
      );
      await createExample(db, preset, parts);
      const own = await checkMapping(
        db,
        resolveMapping(preset, {}, { codecOf: (name) => findFormat(name).columns }),
      );
      const { users, isComplete } = await searchUsers(db, own, 'usan@examp', options);
      expect(users.map(({ email }) => email)).toEqual(['susan@example.com']);
      expect(isComplete).toBe(true);
      const near = await findNearUsers(db, own, { email: 'susan@exmaple.com' });
      expect(near.map(({ email }) => email)).toEqual(['susan@example.com']);
    },
  );
});
