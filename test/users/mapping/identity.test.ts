import { expect, it } from 'vitest';
import { checkKnownPassword } from '../../../src/flows/passwords/check-known-password.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';

const email = 'susan@example.com';
const password = 'seven green apples on a roof';

eachDatabase('a table whose ids are binary', (open) => {
  it('is refused with the way out, and another unique column serves as the id', async () => {
    const { db, url } = await open();
    await db.schema.createTable('people', (table) => {
      table.binary('id', 16).notNullable();
      table.string('email', 100).notNullable().unique();
      table.string('password');
    });
    await db('people').insert({ id: Buffer.alloc(16, 7), email, password: '' });
    const users = { 'users.preset': 'bcrypt', 'users.table': 'people' };
    const refused = await createTestApp({ database: url, config: users });
    await expect(refused.app.mapping()).rejects.toThrow(/is binary.*set users\.id to it/);
    const { app } = await createTestApp({ database: url, config: { ...users, 'users.id': 'email' } });
    const { token } = await issueLink(app, { identifier: { email }, actor: app.operator });
    await applyToken(app, { token, password, actor: app.operator });
    expect(await checkKnownPassword(app, { email }, password)).toMatchObject({ userId: email });
  });
});
