import { expect, it } from 'vitest';
import { endAccess } from '../../../src/flows/access/end-access.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { susan } from '../../helpers/run-reset.ts';
import { createUsersTable } from '../../helpers/users-table.ts';

const PEOPLE = ['ann', 'bob', 'eve', 'joe', 'kim', 'lea'];
const access = [{ kind: 'totp', when: { otp: true }, end: [{ set: { otp: false } }] }];

eachDatabase('support.perHour', (open) => {
  it('holds for one operator in two processes at once, who names another person each time', async () => {
    const database = await open();
    await createUsersTable(database.db, (table) => void table.boolean('otp'));
    const rows = PEOPLE.map((name) => ({
      email: `${name}@example.com`,
      password_hash: susan.encoded,
      otp: true,
    }));
    await database.db('users').insert(rows);
    const config = { 'users.access': access, 'support.perHour': 3 };
    const one = await createTestApp({ database: database.url, config });
    const two = await createTestApp({ database: database.url, config });
    try {
      const ends = rows.map(({ email }, index) => {
        const { app } = index % 2 === 0 ? one : two;
        return endAccess(app, { identifier: { email }, kinds: ['totp'], actor: one.app.operator });
      });
      const results = await Promise.allSettled(ends);
      const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
      expect(refused).toHaveLength(3);
      for (const error of refused)
        expect(error).toMatchObject({ code: 'throttled', details: { limit: 'per_hour' } });
      expect(await database.db('users').where({ otp: true })).toHaveLength(3);
      const audit = one.app.ledger('reset_audit');
      expect((await audit.clone().where({ event: 'access_refused' }).pluck('result')).sort()).toEqual([
        'per_hour',
        'per_hour',
        'per_hour',
      ]);
      expect(await audit.clone().where({ event: 'access_ended' })).toHaveLength(3);
    } finally {
      await one.close();
      await two.close();
    }
  });
});
