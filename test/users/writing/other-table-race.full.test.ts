import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inTransaction } from '../../../src/db/transaction.ts';
import { checkMapping, mappingOf } from '../../../src/users/mapping/index.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import { writePassword } from '../../../src/users/writing/write-password.ts';
import { eachDatabase } from '../../helpers/databases.ts';

eachDatabase(
  'a password whose user has the address or the state in another table',
  (open) => {
    it.each([
      ['the address', { mails: { address: 'new@example.com' } }],
      ['the state', { people: { active: false } }],
    ])('is not written when %s changes while the write waits for the row', async (_, change) => {
      const { db } = await open();
      await db.raw('create table people (id int primary key, active boolean)');
      await db.raw('create table mails (person_id int primary key, address text)');
      await db.raw('create table hashes (person_id int primary key, hash text, hits int)');
      await db('people').insert({ id: 1, active: true });
      await db('mails').insert({ person_id: 1, address: 'old@example.com' });
      await db('hashes').insert({ person_id: 1, hash: 'old', hits: 0 });
      const beside = { local: 'id', foreign: 'person_id' };
      const overrides = {
        table: 'people',
        active: 'active',
        email: { column: 'address', table: 'mails', ...beside },
        password: { column: 'hash', table: 'hashes', ...beside },
      };
      const mapping = await checkMapping(db, mappingOf('default', overrides));
      const user = (await findUser(db, mapping, { email: 'old@example.com' }))!;
      const holder = await db.transaction();
      await holder('hashes').update({ hits: 1 });
      const writing = inTransaction(db, async (trx) => {
        if (!(await writePassword(trx, mapping, user, 'new', Date.now()))) throw new Error('changed');
      });
      const outcome = writing.then(
        () => 'written',
        (error: unknown) => (error as Error).message,
      );
      for (let isWaiting = false; !isWaiting; await sleep(20)) {
        const { rows } = await db.raw<{ rows: unknown[] }>(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
        isWaiting = rows.length > 0;
      }
      for (const [table, columns] of Object.entries(change)) await db(table).update(columns);
      await holder.commit();
      expect(await outcome).toBe('changed');
      expect(await db('hashes').pluck('hash')).toEqual(['old']);
    });
  },
  ['postgres'],
);
