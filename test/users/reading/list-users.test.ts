import { beforeEach, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { createUsersTable } from '../../../src/users/writing/create-users-table.ts';
import { addUser } from '../../../src/users/writing/add-user.ts';
import { countUsers, listUsers, sampleHashes } from '../../../src/users/reading/list-users.ts';
import { checkMapping, mappingOf, type UsersMapping } from '../../../src/users/mapping/index.ts';
import { eachDatabase } from '../../helpers/databases.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);

eachDatabase('the users of the default preset', (open) => {
  let db: Db;
  let mapping: UsersMapping;

  beforeEach(async () => {
    ({ db } = await open());
    await createUsersTable(db);
    mapping = await checkMapping(db, mappingOf('default'));
  });

  const list = async (where: Record<string, string> = {}) => {
    const emails: string[] = [];
    for await (const user of listUsers(db, mapping, { where })) emails.push(user.email);
    return emails;
  };

  it('adds a user without a password, and one with everything', async () => {
    expect(await addUser(db, { email: 'susan@example.com' }, now)).toEqual({ id: '1' });
    expect(
      await addUser(db, { email: 'mike@example.com', username: 'mike', locale: 'ko', encoded: 'x' }, now),
    ).toEqual({ id: '2' });
    expect(await db('users').where({ id: 2 }).first()).toMatchObject({
      username: 'mike',
      locale: 'ko',
      password_hash: 'x',
    });
    expect(String((await db('users').first()).created_at)).toContain('2026-11-22 12:00:00');
  });

  it.each(['susan@example.com', 'SUSAN@example.com'])(
    'refuses %s when susan is there already',
    async (email) => {
      await addUser(db, { email: 'susan@example.com' }, now);
      await expect(addUser(db, { email }, now)).rejects.toMatchObject({ code: 'usage_invalid' });
      expect(await db('users')).toHaveLength(1);
    },
  );

  it('refuses an address that is not valid', async () => {
    await expect(addUser(db, { email: 'susan' }, now)).rejects.toMatchObject({ code: 'usage_invalid' });
  });

  it('lists more users than a page holds, each once, by id', async () => {
    const rows = Array.from({ length: 1203 }, (_, index) => ({
      email: `u${index}@example.com`,
      password_hash: `h${index}`,
    }));
    await db.batchInsert('users', rows, 200);
    const emails = await list();
    expect(emails).toEqual(rows.map((row) => row.email));
    expect(await countUsers(db, mapping)).toBe(1203);
    expect((await sampleHashes(db, mapping, 2)).sort()).toEqual(['h1201', 'h1202']);
  });

  it('narrows by columns, all of which must hold', async () => {
    await addUser(db, { email: 'susan@example.com', locale: 'ko', username: 'a' }, now);
    await addUser(db, { email: 'mike@example.com', locale: 'ko', username: 'b' }, now);
    await addUser(db, { email: 'kim@example.com', locale: 'en', username: 'a' }, now);
    expect(await list({ locale: 'ko', username: 'a' })).toEqual(['susan@example.com']);
    expect(await countUsers(db, mapping, { where: { locale: 'ko' } })).toBe(2);
    expect(await list({ id: '3' })).toEqual(['kim@example.com']);
  });

  it('R72: refuses a column that the table has not got, with the nearest that it has', async () => {
    await expect(list({ local: 'ko' })).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining('Did you mean locale?'),
    });
  });

  it('R73: refuses text where the column holds numbers', async () => {
    await expect(list({ id: 'abc' })).rejects.toMatchObject({ code: 'usage_invalid' });
  });
});
