import { beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '../../src/db/connect.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { Signal } from '../../src/errors.ts';
import { checkMapping, mappingOf } from '../../src/users/mapping/index.ts';
import { openSqlStore } from '../../src/users/sql-store/open-sql-store.ts';
import { sqlOf } from '../../src/users/sql-store/sql-of.ts';
import type { UsersStore } from '../../src/users/store/users-store.ts';
import { eachDatabase } from '../helpers/databases.ts';
import { createUsersTable } from '../helpers/users-table.ts';
import { createMemoryUsers, type Kept } from '../helpers/memory-users.ts';
import { holdToContract } from './store-contract.ts';

/** Takes a transaction back. */
class Undone extends Signal {}

async function openTables(db: Db, people: readonly Kept[], isApart: boolean): Promise<UsersStore> {
  await createUsersTable(db, (table) => {
    table.string('username', 64);
    table.boolean('active');
  });
  for (const { email, username, encoded, isActive } of people)
    await db('users').insert({ email, username, password_hash: encoded, active: isActive });
  return openSqlStore(db, await checkMapping(db, mappingOf('default', { active: 'active' })), isApart);
}

/** A directory will be the next kind, with a line of its own here. */
eachDatabase('users in tables', (open) => {
  describe.each([
    ['beside our own', false],
    ['apart from our own', true],
  ])('%s', (_, isApart) => {
    holdToContract(async (people) => openTables((await open()).db, people, isApart));
  });

  describe('in a transaction of ours', () => {
    let [db, store] = [undefined as unknown as Db, undefined as unknown as UsersStore];
    beforeEach(async () => {
      ({ db } = await open());
      const people = ['susan', 'mike'].map((username) => {
        return { username, email: `${username}@example.com`, encoded: 'old', isActive: true };
      });
      store = await openTables(db, people, false);
    });

    it('are selected by a statement of ours', async () => {
      const where = [{ column: 'username', value: 'mike' }];
      const rows: unknown = await inTransaction(db, (trx) =>
        trx.from(store.within(trx).asQuery({ where }).as('chosen')).select('email'),
      );
      expect(rows).toEqual([{ email: 'mike@example.com' }]);
    });

    it('are changed with it, or not at all', async () => {
      const user = (await store.find({ username: 'susan' }))!;
      const writeIn = (trx: Db) => store.within(trx).writePassword(user, 'new', Date.now());
      const failed = inTransaction(db, async (trx) => {
        await writeIn(trx);
        throw new Undone('ours failed');
      });
      await expect(failed).rejects.toThrow('ours failed');
      expect((await store.find({ id: user.id }))?.encoded).toBe('old');
      expect(await inTransaction(db, writeIn)).toBe(true);
      expect((await store.find({ id: user.id }))?.encoded).toBe('new');
    });
  });
});

describe('users in a list', () => {
  holdToContract((people) => Promise.resolve(createMemoryUsers(people)));

  it('have no tables to make the links of an application from', () => {
    expect(() => sqlOf(createMemoryUsers([]))).toThrow(/not in an application's tables.*link\.native/);
  });
});
