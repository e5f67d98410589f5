import { beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { findUser, findUsersByEmail, getUsers } from '../../../src/users/reading/find-user.ts';
import { checkMapping, mappingOf, type UsersMapping } from '../../../src/users/mapping/index.ts';
import { COUNTED_ID, eachDatabase } from '../../helpers/databases.ts';
import { createUsersTable } from '../../helpers/users-table.ts';

const KELVIN = '\u212A';

/** Column types under which the database itself treats different letters as equal. */
const TYPES = {
  sqlite: ['text', 'text collate nocase'],
  postgres: ['text', 'citext', 'varchar(254)'],
  mysql: [
    'varchar(254) collate utf8mb4_general_ci',
    'varchar(254) collate utf8mb4_unicode_ci',
    'varchar(254) collate utf8mb4_bin',
    'varbinary(254)',
  ],
};

eachDatabase('findUser', (open, dialect) => {
  let db: Db;
  let mapping: UsersMapping;

  async function createUsers(type: string): Promise<void> {
    if (type === 'citext') await db.raw('create extension citext');
    await db.raw(
      `create table users (id ${COUNTED_ID[dialect]}, email ${type} unique, username varchar(64), password_hash varchar(255))`,
    );
    await db('users').insert([
      { email: 'mike@example.com', username: 'mike', password_hash: 'x' },
      { email: 'Susan@Example.com', username: 'susan', password_hash: 'y' },
      { email: 'kim@bücher.example', username: 'kim', password_hash: 'z' },
    ]);
    mapping = await checkMapping(db, mappingOf('default'));
  }

  beforeEach(async () => {
    ({ db } = await open());
  });

  describe.each(TYPES[dialect])('with an e-mail column of type %s', (type) => {
    beforeEach(() => createUsers(type));

    it.each([
      'mıke@example.com',
      'míke@example.com',
      `mi${KELVIN}e@example.com`,
      'mike@exámple.com',
      'ｍike@example.com',
    ])('R68: does not take %s for mike@example.com', async (email) => {
      expect(await findUser(db, mapping, { email })).toBeUndefined();
    });

    it.each(['MIKE@example.com', 'mike@EXAMPLE.com', 'Mike@Example.Com'])(
      'R64: finds mike by %s and gives the stored address',
      async (email) => {
        expect(await findUser(db, mapping, { email })).toMatchObject({ id: '1', email: 'mike@example.com' });
      },
    );

    it('R67: finds an address stored with capitals, and a domain in either of its forms', async () => {
      const susan = await findUser(db, mapping, { email: 'susan@example.com' });
      expect(susan?.email).toBe('Susan@Example.com');
      const kim = await findUser(db, mapping, { email: 'KIM@xn--bcher-kva.example' });
      expect(kim?.email).toBe('kim@bücher.example');
    });

    it('finds many addresses at once, each under the spelling that was asked for', async () => {
      const found = await findUsersByEmail(db, mapping, [
        'MIKE@example.com',
        'mıke@example.com',
        'nobody@example.com',
      ]);
      expect([...found].map(([email, users]) => [email, users.map((user) => user.id)])).toEqual([
        ['MIKE@example.com', ['1']],
        ['mıke@example.com', []],
        ['nobody@example.com', []],
      ]);
    });
  });

  describe('with two users on one address', () => {
    beforeEach(async () => {
      await createUsersTable(db, (t) => t.string('username', 64));
      await db('users').insert([
        { email: 'twin@example.com', username: 'one' },
        { email: 'Twin@example.com', username: 'two' },
        { email: 'twın@example.com', username: 'three' },
      ]);
      mapping = await checkMapping(db, mappingOf('default'));
    });

    it('R68: refuses to choose, and names the ids', async () => {
      await expect(findUser(db, mapping, { email: 'twin@example.com' })).rejects.toMatchObject({
        code: 'user_ambiguous',
        details: { ids: expect.arrayContaining(['1', '2']) },
      });
    });

    it('finds either by id or user name', async () => {
      expect(await findUser(db, mapping, { id: '2' })).toMatchObject({
        email: 'Twin@example.com',
        username: 'two',
      });
      expect(await findUser(db, mapping, { username: 'one' })).toMatchObject({ id: '1' });
    });

    it.each(['1abc', '01', ' 1', '1.0', '99999999999', '99999999999999999999', '', "1' or '1'='1", '1\0'])(
      'R73: takes the id %j for nobody',
      async (id) => {
        expect(await findUser(db, mapping, { id })).toBeUndefined();
      },
    );

    it('R73: refuses an id that is not a text', async () => {
      await expect(findUser(db, mapping, { id: { id: 1 } as never })).rejects.toMatchObject({
        code: 'usage_invalid',
      });
      expect(await findUser(db, mapping, { email: ['twin@example.com'] as never })).toBeUndefined();
    });

    it('gets many users in one query', async () => {
      const users = await getUsers(db, mapping, ['1', '3', '77', 'x']);
      expect([...users.keys()].sort()).toEqual(['1', '3']);
    });
  });
});
