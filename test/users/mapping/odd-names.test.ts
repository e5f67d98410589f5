import { describe, expect, it } from 'vitest';
import { isIdentifier } from '../../../src/users/columns/identifier.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { goodPassword, makeSetup, succeed, susan, type Setup } from '../../helpers/run-reset.ts';

type Names = readonly [
  table: string,
  id: string,
  email: string,
  hash: string,
  name: string,
  active: string,
  sessions: string,
];

/** As Strapi 3, spreadsheets and people make them. */
const NAMES: readonly Names[] = [
  ['users-permissions_user', 'ID', 'E-Mail', 'Password Hash', 'Full Name', 'is-active', 'user sessions'],
  ['사용자', '번호', '이메일', '비밀번호', '이름', '활성', '로그인 세션'],
  ['2026 Mitglieder', 'Nr', 'Adresse', 'Kennwörter', 'order', 'group', 'key'],
];

async function start(database: TestDatabase, names: Names): Promise<Setup> {
  const [table, id, email, hash, name, active, sessions] = names;
  const { db } = database;
  await db.schema.createTable(table, (made) => {
    made.integer(id).primary();
    made.string(email, 100);
    made.string(hash, 255);
    made.string(name, 50);
    made.boolean(active);
  });
  await db.schema.createTable(sessions, (made) => {
    made.increments(id);
    made.integer(`${id} of user`);
  });
  await db(table).insert([
    { [id]: 7, [email]: 'ann@example.com', [hash]: susan.encoded, [name]: 'Ann Miller', [active]: true },
    { [id]: 8, [email]: 'bob@example.com', [hash]: susan.encoded, [name]: 'Bob', [active]: false },
  ]);
  await db(sessions).insert([{ [`${id} of user`]: 7 }, { [`${id} of user`]: 8 }]);
  return makeSetup({
    database: database.url,
    users: {
      ...{
        preset: 'bcrypt',
        table,
        id,
        email,
        password: hash,
        name,
        username: name,
        active: { [active]: true },
      },
      onReset: [{ delete: sessions, where: { [`${id} of user`]: '{id}' }, sessions: true }],
    },
  });
}

eachDatabase('tables and columns with odd names', (open, dialect) => {
  it.each(NAMES)('are found, written and locked: %s', async (...names) => {
    const [table, id, email, hash, name, , sessions] = names;
    const database = await open();
    const { run, apply } = await start(database, names);
    const listed = (await succeed(run(['user', 'list', '--json']))).rows();
    expect(listed.map((row) => [row['email'], row['name'], row['isActive']])).toEqual([
      ['ann@example.com', 'Ann Miller', true],
      ['bob@example.com', 'Bob', false],
    ]);
    expect((await run(['user', 'find', 'miller'])).stdout).toContain('ann@example.com');
    expect((await succeed(run(['status', '--username', 'Ann Miller']))).stdout).toContain('ann@example.com');
    const link = (await succeed(run(['link', 'Ann@example.com']))).stdout.trim();
    const applied = await succeed(apply(link.slice(link.lastIndexOf('/') + 1), goodPassword, '--json'));
    expect(applied.rows()[0]).toMatchObject({ userId: '7', sessionsEnded: 1 });
    expect(await database.db(sessions).pluck(`${id} of user`)).toEqual([8]);
    await succeed(run(['doctor', '--id', '7', '--password-stdin'], { input: goodPassword }));

    const where = ['--where', `${name}=Ann Miller`, '--where', `${email}=ann@example.com`];
    const plan = await succeed(run(['send', ...where, '--dry-run', '--json']));
    expect(plan.rows().at(-1)).toMatchObject({ total: 1, planned: 1 });
    const before = (await database
      .db(table)
      .where({ [id]: 7 })
      .first()) as Record<string, string>;
    await succeed(run(['send', ...where, '--lock', '--mail', 'none', '--yes', '--expect', '1']));
    const after = (await database
      .db(table)
      .where({ [id]: 7 })
      .first()) as Record<string, string>;
    expect(after[hash]).not.toBe(before[hash]);
  });

  it.each(NAMES)('are named by doctor in statements that run: %s', async (...names) => {
    const database = await open();
    const { run } = await start(database, names);
    const findings = (await run(['doctor', '--json'])).rows();
    expect(findings.filter(({ status }) => status === 'failure')).toEqual([]);
    const index = String(findings.find(({ code }) => code === 'emails_not_unique')?.['remedy']).replace(
      /^.*: /,
      '',
    );
    await database.db.raw(index.replace(/;$/, '').replace(/\?/g, '\\?'));
    if (dialect === 'sqlite') return;
    const { grants } = findings.find(({ code }) => code === 'rights_complete')?.['details'] as {
      grants: string[];
    };
    const own = grants.filter((grant) => !/ on (?:sequence )?reset_/.test(grant));
    expect(own.length).toBeGreaterThan(1);
    for (const grant of own) await database.db.raw(grant.replace(/;$/, ''));
  });
});

describe('a name that a statement would read differently', () => {
  it.each([
    '',
    ' users',
    'users ',
    'users as u',
    'Users AS u',
    'a.b',
    'a"b',
    'a`b',
    "a'b",
    'a?b',
    'a\0b',
    'a;b',
    'a\nb',
    '-a',
    'a*',
    'x'.repeat(65),
  ])('R72: %j is none', (name) => {
    expect(isIdentifier(name)).toBe(false);
  });
  it.each(['users', 'x'.repeat(64), 'has as', 'as', 'E-Mail', '2fa', 'a$b', '사용자 이름'])(
    '%j is one',
    (name) => {
      expect(isIdentifier(name)).toBe(true);
    },
  );
});
