import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { checkKnownPassword } from '../../../src/flows/passwords/check-known-password.ts';
import { describePolicy } from '../../../src/flows/passwords/describe-policy.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { checkPasswords } from '../../../src/flows/checks/check-passwords.ts';
import { verifyPassword } from '../../../src/passwords/hash.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';

const email = 'susan@example.com';
const before = 'blue sky over Berlin';
const after = `seven green apples on a roof ${'and more of them '.repeat(5)}`.trim();
const sha512 = (text: string) => createHash('sha512').update(text).digest('hex');

eachDatabase('an application that hashes the hash of a password', (open) => {
  it('gets its own kind of hash: checked, refused when it is the present one, and written', async () => {
    const { db, url } = await open();
    await db.schema.createTable('people', (table) => {
      table.increments('id');
      table.string('email');
      table.string('password');
    });
    const encoded = '$2b$10$vQiyPr0yM50lvE040DMsW.FovSRBTqHh4a.IgnzYtIQXTvBcpBRfG';
    await db('people').insert({ email, password: encoded });
    const hash = { format: 'bcrypt', prehash: 'sha512-hex' };
    const users = {
      'users.preset': 'bcrypt',
      'users.table': 'people',
      'users.hash': hash,
      'password.differs': true,
    };
    const { app } = await createTestApp({ database: url, config: users });
    expect(await checkKnownPassword(app, { email }, before)).toMatchObject({ hashFormat: 'bcrypt' });
    await expect(checkKnownPassword(app, { email }, 'another one')).rejects.toThrow('does not accept');
    expect(await describePolicy(app, { encoded })).toMatchObject({ maxBytes: undefined });
    expect((await checkPasswords(app)).map(({ status }) => status)).not.toContain('failure');
    const { token } = await issueLink(app, { identifier: { email }, actor: app.operator });
    await expect(applyToken(app, { token, password: before, actor: app.operator })).rejects.toMatchObject({
      code: 'password_rejected',
    });
    await applyToken(app, { token, password: after, actor: app.operator });
    const [row] = (await db('people')) as { password: string }[];
    expect(await verifyPassword(sha512(after).slice(0, 72), row?.password ?? '')).toBe(true);
    expect(await verifyPassword(after.slice(0, 72), row?.password ?? '')).toBe(false);
  });
});

eachDatabase('an application with a column for the salt', (open) => {
  it.each([
    [
      'metabase',
      'correct horse battery',
      '6d4a1f0e-55c4-4a0a-9c1e-0f2b6a7c8d9e',
      '$2a$10$N0aIW2RIoFRcKJIkPY51huW4P0xfW9OaRgDXEu0DXNHfpCDcVIfaG',
    ],
    [
      'grafana',
      'iamgod',
      'pepper',
      'e59c568621e57756495a468f47c74e07c911b037084dd464bb2ed72410970dc849cabd71b48c394faf08a5405dae53741ce9',
    ],
  ])('%s: reads both columns, and writes both in one reset', async (format, known, salt, stored) => {
    const { db, url } = await open();
    await db.schema.createTable('people', (table) => {
      table.increments('id');
      table.string('email');
      table.string('password');
      table.string('password_salt');
    });
    await db('people').insert({ email, password: stored, password_salt: salt });
    const { app } = await createTestApp({
      database: url,
      config: {
        'users.preset': 'bcrypt',
        'users.table': 'people',
        'users.password': { hash: 'password', salt: 'password_salt' },
        'users.hash': { format },
      },
    });
    expect(await checkKnownPassword(app, { email }, known)).toMatchObject({ hashFormat: format });
    const { token } = await issueLink(app, { identifier: { email }, actor: app.operator });
    await applyToken(app, { token, password: 'seven green apples on a roof', actor: app.operator });
    const [row] = (await db('people')) as Record<string, string>[];
    expect(row?.['password_salt']).not.toBe(salt);
    expect(row?.['password']).not.toBe(stored);
    expect(await checkKnownPassword(app, { email }, 'seven green apples on a roof')).toMatchObject({
      hashFormat: format,
    });
    await expect(checkKnownPassword(app, { email }, known)).rejects.toThrow('does not accept');
  });
});
