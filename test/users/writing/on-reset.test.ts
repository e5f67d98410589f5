import { beforeEach, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import { checkMapping, mappingOf } from '../../../src/users/mapping/index.ts';
import { explainOnReset, runOnReset } from '../../../src/users/writing/on-reset.ts';
import { writePassword } from '../../../src/users/writing/write-password.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createUsersTable } from '../../helpers/users-table.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);

eachDatabase('runOnReset', (open) => {
  let db: Db;

  beforeEach(async () => {
    ({ db } = await open());
    await createUsersTable(db, (t) => {
      t.string('remember', 60);
      t.string('stamp', 36);
      t.integer('version');
      t.bigInteger('changed_ms');
      t.timestamp('changed_at');
      t.string('totp_secret', 32);
    });
    await db.schema.createTable('sessions', (t) => {
      t.increments('id');
      t.integer('user_id');
      t.string('email', 254);
    });
    await db('users').insert([
      { email: 'susan@example.com', password_hash: 'a', remember: 'me', version: 3, totp_secret: 'JBSW' },
      { email: 'mike@example.com', password_hash: 'b', remember: 'me', version: 3, totp_secret: 'JBSW' },
    ]);
    await db('sessions').insert([
      { user_id: 1, email: 'susan@example.com' },
      { user_id: 1, email: 'SUSAN@example.com' },
      { user_id: 2, email: 'mike@example.com' },
    ]);
  });

  async function reset(onReset: object[]) {
    const mapping = await checkMapping(db, mappingOf('default', { onReset }));
    const user = (await findUser(db, mapping, { id: '1' }))!;
    return inTransaction(db, async (trx) => {
      await writePassword(trx, mapping, user, 'new', now);
      return runOnReset(trx, mapping, user, now);
    });
  }

  it('R93: writes every kind of value into this row, and R94: nothing else', async () => {
    const set = {
      remember: { random: 40 },
      stamp: { uuid: true },
      version: { increment: 1 },
      changed_ms: { now: 'ms' },
      changed_at: { now: 'text' },
    };
    const mike = await db('users').where({ id: 2 }).first();
    await reset([{ set }]);
    const row = await db('users').where({ id: 1 }).first();
    expect(row).toMatchObject({ version: 4, changed_ms: now, totp_secret: 'JBSW' });
    expect(row.remember).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(row.stamp).toMatch(/^[0-9a-f-]{36}$/);
    expect(String(row.changed_at)).toContain('2026-11-22 12:00:00');
    expect(await db('users').where({ id: 2 }).first()).toEqual(mike);
  });

  it('R93: ends this user’s sessions, counts them, and leaves others', async () => {
    const result = await reset([{ delete: 'sessions', where: { user_id: '{id}' }, sessions: true }]);
    expect(result).toEqual({ sessionsEnded: 2 });
    expect(await db('sessions').pluck('user_id')).toEqual([2]);
  });

  it('R68: deletes by the address to the byte', async () => {
    await reset([{ delete: 'sessions', where: { email: '{email}' } }]);
    expect(await db('sessions').orderBy('id').pluck('email')).toEqual([
      'SUSAN@example.com',
      'mike@example.com',
    ]);
  });

  it('R93: takes the new password back when a step fails', async () => {
    // Nothing may point to the row that the step deletes.
    await db.schema.createTable('devices', (t) => {
      t.increments('id');
      t.integer('session_id').unsigned().references('sessions.id');
    });
    await db('devices').insert({ session_id: 1 });
    await expect(reset([{ delete: 'sessions', where: { user_id: '{id}' } }])).rejects.toThrow();
    expect((await db('users').where({ id: 1 }).first()).password_hash).toBe('a');
    expect(await db('sessions')).toHaveLength(3);
  });

  it('explains the statements without a user', async () => {
    const onReset = [
      { set: { remember: { random: 40 }, version: { increment: 1 } } },
      { delete: 'sessions', where: { user_id: '{id}' } },
    ];
    expect(explainOnReset(mappingOf('default', { onReset }))).toEqual([
      expect.stringMatching(
        /^update users set password_hash = <new hash>, updated_at = <now> where id = <id> and </,
      ),
      'update users set remember = <40 random characters>, version = version + 1 where id = <id>',
      'delete from sessions where user_id = <id>',
    ]);
  });
});
