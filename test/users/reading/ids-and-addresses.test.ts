import { describe, expect, it } from 'vitest';
import type { Db, Dialect } from '../../../src/db/connect.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import { migrateDatabase } from '../../../src/flows/setup/migrate-database.ts';
import { checkMapping, mappingOf } from '../../../src/users/mapping/index.ts';
import { findUser, findUsersByEmail, getUsers } from '../../../src/users/reading/find-user.ts';
import { listUsers } from '../../../src/users/reading/list-users.ts';
import { selectUsers } from '../../../src/users/reading/select-users.ts';
import { lockUsers } from '../../../src/users/writing/lock-users.ts';
import { writePassword } from '../../../src/users/writing/write-password.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';

const now = Date.UTC(2026, 10, 22);
const uuid = 'fafa8d44-9d7a-4c5b-8e21-0123456789ab';

const make = (db: Db, id: string, hash = 'varchar(255)', email = 'varchar(100)') =>
  db.raw(
    `create table users (id ${id} primary key, email ${email}, username ${email}, password_hash ${hash})`,
  );
const mappingFor = (db: Db) => checkMapping(db, mappingOf('default'));

/** Types of ids, and the ids of two users. */
const IDS: readonly (readonly [string, readonly [string, string], (readonly Dialect[])?])[] = [
  ['bigint', ['430628086183100416', '430628086183100417']],
  ['bigint', ['1', '9223372036854775807']],
  ['char(12)', ['ab', 'abc']],
  ['varchar(36)', ['a b', 'A B']],
  ['uuid', [uuid, uuid.replace('f', 'e')], ['postgres']],
];

eachDatabase('a user', (open, dialect) => {
  const ids = IDS.filter(([, , only]) => only === undefined || only.includes(dialect))
    .filter(([type]) => dialect !== 'mysql' || !type.startsWith('varchar'))
    .map(([type, pair]) => ({ type, pair }));
  it.each(ids)('with an id of $type is read, written and locked by it: $pair', async ({ type, pair }) => {
    const [one, other] = pair;
    const { db } = await open();
    await make(db, type, 'char(64)');
    await db('users').insert(
      [one, other].map((id, index) => ({ id, email: `u${index}@example.com`, password_hash: 'old' })),
    );
    const mapping = await mappingFor(db);
    const listed = [];
    for await (const { id } of listUsers(db, mapping)) listed.push(id);
    expect(listed.sort()).toEqual([one, other].sort());
    const planned = (await selectUsers(db, mapping, { ids: [other] })) as { id: string }[];
    expect(planned.map(({ id }) => id)).toEqual([other]);

    const user = (await findUser(db, mapping, { id: other }))!;
    expect(user).toMatchObject({ id: other, email: 'u1@example.com', encoded: 'old' });
    expect(await inTransaction(db, (trx) => writePassword(trx, mapping, user, 'new', now))).toBe(true);
    const again = (await getUsers(db, mapping, [one, other])).get(other)!;
    expect(again.encoded).toBe('new');
    await inTransaction(db, (trx) => lockUsers(trx, mapping, [again], 'locked'));
    const all = await getUsers(db, mapping, [one, other]);
    expect([all.get(one)?.encoded, all.get(other)?.encoded]).toEqual(['old', 'locked']);
  });

  it.each([
    ['in upper case', uuid.toUpperCase()],
    ['in braces', `{${uuid}}`],
    ['without dashes', uuid.replaceAll('-', '')],
    ['as a URN', `urn:uuid:${uuid}`],
    ['as it is', uuid],
  ])('is found by a UUID %s', async (_, typed) => {
    for (const [type, stored] of [
      [dialect === 'postgres' ? 'uuid' : 'char(36)', uuid],
      ['char(32)', uuid.replaceAll('-', '')],
    ] as const) {
      const { db } = await open();
      await make(db, type);
      await db('users').insert({ id: stored, email: 'susan@example.com', password_hash: 'x' });
      const mapping = await mappingFor(db);
      expect(await findUser(db, mapping, { id: typed })).toMatchObject({ email: 'susan@example.com' });
      expect((await getUsers(db, mapping, [typed])).get(typed)).toMatchObject({ id: stored });
      if (type !== 'uuid') continue;
      const planned = (await selectUsers(db, mapping, {
        where: [{ column: 'id', value: typed }],
      })) as object[];
      expect(planned).toMatchObject([{ id: stored }]);
    }
  });

  it.each(['fafa8d44', `${uuid}0`, `{${uuid}`.slice(0, 30), 'zzfa8d44-9d7a-4c5b-8e21-0123456789ab'])(
    'is not found by %s',
    async (typed) => {
      const { db } = await open();
      await make(db, dialect === 'postgres' ? 'uuid' : 'char(36)');
      await db('users').insert({ id: uuid, email: 'susan@example.com', password_hash: 'x' });
      expect(await findUser(db, await mappingFor(db), { id: typed })).toBeUndefined();
    },
  );

  const SETS: readonly string[] =
    dialect === 'mysql'
      ? [
          'varchar(100) character set latin1',
          'varchar(100) character set latin1 collate latin1_bin',
          'varchar(100) character set ascii',
          'varchar(100) character set utf8mb3',
        ]
      : ['varchar(100)'];
  it.each(SETS)('is found beside an address that the column (%s) cannot hold', async (type) => {
    const { db } = await open();
    await make(db, 'integer', 'varchar(255)', type);
    await db('users').insert([
      { id: 1, email: 'susan@example.com', username: 'susan', password_hash: 'x' },
      { id: 2, email: 'tom@example.com', username: 'tom', password_hash: 'x' },
    ]);
    const mapping = await mappingFor(db);
    const emails = [
      'susan@example.com',
      '수진@example.com',
      '𠮷田@example.com',
      'a@xn--3e0b707e.example',
      'TOM@example.com',
    ];
    const found = await findUsersByEmail(db, mapping, emails);
    expect(emails.map((email) => found.get(email)?.map(({ id }) => id))).toEqual([['1'], [], [], [], ['2']]);
    for (const email of emails.slice(1, 4)) expect(await findUser(db, mapping, { email })).toBeUndefined();
    expect(await findUser(db, mapping, { username: '수진𠮷' })).toBeUndefined();
  });
});

describe('the users table of the preset default', () => {
  it.each([
    ['members', { 'users.table': 'members' }, 'foreign'],
    ['users', {}, 'present'],
    [undefined, {}, 'created'],
  ])(
    'is made by migrate only where the mapping means it (there is %s)',
    async (existing, config, usersTable) => {
      const site = await createTestApp({ config: { 'mail.url': 'file:x', ...config } });
      try {
        await site.app.usersDb.schema.dropTable('users').catch(() => undefined);
        if (existing !== undefined)
          await site.app.usersDb.schema.createTable(existing, (t) => void t.increments('id'));
        expect(await migrateDatabase(site.app)).toMatchObject({ usersTable });
        expect(await site.app.usersDb.schema.hasTable('users')).toBe(usersTable !== 'foreign');
      } finally {
        await site.close();
      }
    },
  );
});
