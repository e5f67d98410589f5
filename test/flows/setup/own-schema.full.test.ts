import { expect, it } from 'vitest';
import { applyToken } from '../../helpers/apply-token.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import { getPreset } from '../../../src/users/preset/get-preset.ts';
import { createUsersTable } from '../../../src/users/writing/create-users-table.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createExample } from '../../helpers/example-tables.ts';

eachDatabase(
  'a schema of our own',
  (open) => {
    it('holds every table of ours, beside users in another', async () => {
      const { db, url } = await open();
      const [{ encoded } = { encoded: '' }] = findFormat('bcrypt').examples;
      await createExample(db, getPreset('laravel'), { hash: encoded });
      await db.raw('create schema resets');
      const database = `${url}?schema=resets`;
      const test = await createTestApp({
        database,
        config: { 'users.preset': 'laravel', 'users.schema': 'public' },
      });
      try {
        const { app } = test;
        const { token } = await issueLink(app, {
          identifier: { email: 'susan@example.com' },
          actor: app.operator,
        });
        const input = { token, password: 'seven green apples on a roof', actor: app.operator };
        expect(await applyToken(app, input)).toMatchObject({ status: 'applied' });
        const { rows } = (await db.raw(
          `select distinct schemaname as name from pg_tables where tablename like 'reset\\_%'`,
        )) as { rows: object[] };
        expect(rows).toEqual([{ name: 'resets' }]);
      } finally {
        await test.close();
      }
    });

    it.each([
      ['a users table in a schema that is named', { 'users.schema': 'public' }],
      ['one that is found along the search path', {}],
    ])('is not given a second users table beside %s', async (_, config) => {
      const { db, url } = await open();
      await createUsersTable(db);
      await db.raw('create schema resets');
      const test = await createTestApp({ database: `${url}?schema=resets`, config });
      try {
        const { rows } = await db.raw<{ rows: unknown[] }>(
          `select schemaname as schema from pg_tables where tablename = 'users'`,
        );
        expect(rows).toEqual([{ schema: 'public' }]);
      } finally {
        await test.close();
      }
    });
  },
  ['postgres'],
);
