import { beforeEach, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import { checkMapping, mappingOf, type UsersMapping } from '../../../src/users/mapping/index.ts';
import { writePassword } from '../../../src/users/writing/write-password.ts';
import { eachDatabase } from '../../helpers/databases.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);

eachDatabase('writePassword', (open, dialect) => {
  let db: Db;
  let mapping: UsersMapping;
  const overrides = { active: 'active' };

  beforeEach(async () => {
    ({ db } = await open());
    await db.schema.createTable('users', (t) => {
      t.increments('id');
      t.string('email', 254).unique();
      t.string('username', 64);
      t.string('password_hash', 60);
      t.string('totp_secret', 32);
      t.boolean('active').defaultTo(true);
      t.timestamp('updated_at');
    });
    await db('users').insert([
      { email: 'susan@example.com', username: 'susan', password_hash: 'old-susan', totp_secret: 'JBSWY3DP' },
      { email: 'mike@example.com', username: 'mike', password_hash: 'old-mike' },
    ]);
    mapping = await checkMapping(db, mappingOf('default', overrides));
  });

  const susan = async () => (await findUser(db, mapping, { email: 'susan@example.com' }))!;
  const write = async (user: Awaited<ReturnType<typeof susan>>, encoded: string) =>
    inTransaction(db, (trx) => writePassword(trx, mapping, user, encoded, now));

  it('R74: changes this row and no other, and when it was changed', async () => {
    const before = await db('users').where({ username: 'mike' }).first();
    expect(await write(await susan(), 'new-susan')).toBe(true);
    const row = await db('users').where({ username: 'susan' }).first();
    expect(row.password_hash).toBe('new-susan');
    expect(String(row.updated_at)).toContain('2026-11-22 12:00:00');
    expect(await db('users').where({ username: 'mike' }).first()).toEqual(before);
  });

  it('R94: leaves a second factor as it was', async () => {
    await write(await susan(), 'new-susan');
    expect((await db('users').where({ username: 'susan' }).first()).totp_secret).toBe('JBSWY3DP');
  });

  it.each([
    ['password', { password_hash: 'OLD-susan' }],
    ['e-mail', { email: 'Susan@example.com' }],
    ['state', { active: false }],
  ])('writes nothing when the %s changed meanwhile', async (_, change) => {
    const user = await susan();
    await db('users').where({ username: 'susan' }).update(change);
    expect(await write(user, 'new-susan')).toBe(false);
    expect((await db('users').where({ username: 'susan' }).first()).password_hash).not.toBe('new-susan');
  });

  it('lets one of two writes from the same reading through', async () => {
    const user = await susan();
    const results = await Promise.all([write(user, 'first'), write(user, 'second')]);
    expect(results.sort()).toEqual([false, true]);
  });

  it('writes the first password of a user who has none', async () => {
    await db('users').where({ username: 'susan' }).update({ password_hash: null });
    expect(await write(await susan(), 'new-susan')).toBe(true);
  });

  it('R39: refuses a hash wider than its column and says how to widen it; SQLite knows no width', async () => {
    const user = await susan();
    const wide = 'x'.repeat(61);
    const outcome = await write(user, wide).catch((error: Error) => error.message);
    expect(String(outcome)).toMatch(
      dialect === 'sqlite' ? /^true$/ : /password_hash of users takes 60 characters.*alter table users/,
    );
    expect((await susan()).encoded).toBe(dialect === 'sqlite' ? wide : 'old-susan');
  });

  it('R39: takes the write back when the database stored something else', async () => {
    const trigger = {
      sqlite: `create trigger cut after update on users begin update users set password_hash = 'cut' where id = new.id; end`,
      postgres: `create function cut() returns trigger language plpgsql as $$ begin new.password_hash = 'cut'; return new; end $$;
        create trigger cut before update on users for each row execute function cut()`,
      mysql: `create trigger cut before update on users for each row set new.password_hash = 'cut'`,
    };
    await db.raw(trigger[dialect]);
    await expect(write(await susan(), 'new-susan')).rejects.toMatchObject({ code: 'config_invalid' });
    expect((await susan()).encoded).toBe('old-susan');
  });
});
