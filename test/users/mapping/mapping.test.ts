import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { checkMapping, mappingOf } from '../../../src/users/mapping/index.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createUsersTable } from '../../helpers/users-table.ts';

const problemsOf = (work: () => unknown): { key: string; message: string }[] => {
  try {
    work();
    return [];
  } catch (error) {
    return (error as { details: { problems: { key: string; message: string }[] } }).details.problems;
  }
};

describe('mappingOf', () => {
  it('names the nearest preset for one that does not exist', () => {
    expect(() => mappingOf('wordpres')).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message: expect.stringContaining('Did you mean wordpress?'),
      }),
    );
  });

  it.each([
    'users as u',
    'a.b.c',
    'users"',
    'users`',
    "users'--",
    'us\0ers',
    'users; drop table x',
    '',
    'x'.repeat(65),
  ])('R72: refuses %j as the name of a table or column', (name) => {
    for (const key of ['table', 'schema', 'id', 'email', 'name', 'password', 'locale', 'active']) {
      const problems = problemsOf(() => mappingOf('default', { [key]: name }));
      expect(problems.map((problem) => problem.key)).toContain(`users.${key}`);
    }
  });

  it('reports every problem at once', () => {
    const overrides = { table: 'a;b', email: 7, active: [], onReset: [{ delete: 'sessions', where: {} }] };
    expect(problemsOf(() => mappingOf('default', overrides)).map(({ key }) => key)).toEqual(
      expect.arrayContaining(['users.table', 'users.email', 'users.active', 'users.onReset[0]']),
    );
  });

  it.each([
    [{ delete: 'sessions', where: {} }, 'name the user'],
    [{ delete: 'sessions', where: { kind: 'web' } }, 'name the user'],
    [{ set: { state: 'x' }, table: 'profiles' }, 'name the user'],
    [{ set: { password_hash: null } }, 'itself writes'],
    [{ set: { email: 'x@example.com' } }, 'itself writes'],
    [{ set: { id: 1 } }, 'itself writes'],
    [{ set: {} }, 'sets nothing'],
    [{ delete: 'reset_audit', where: { user_id: '{id}' } }, "a table of reset's own"],
    [{ set: { state: 'live' }, table: 'Reset_Tokens', where: { user_id: '{id}' } }, "a table of reset's own"],
    [{ delete: 'a; drop table b', where: { user_id: '{id}' } }, 'only letters'],
  ])('R74: refuses the step %j', (step, words) => {
    const [problem] = problemsOf(() => mappingOf('default', { onReset: [step] }));
    expect(problem?.message).toContain(words);
  });

  it('takes the site’s prefix from users.table', () => {
    const mapping = mappingOf('wordpress', { table: 'blog_users' });
    expect(mapping.onReset).toContainEqual(expect.objectContaining({ delete: 'blog_usermeta' }));
  });

  it('takes it for the tables that an advice is about, too', () => {
    const { advice } = mappingOf('joomla', { table: 'j5_users' });
    expect(advice).toContainEqual(expect.objectContaining({ table: 'j5_webauthn_credentials' }));
  });

  it('lets the operator override each part', () => {
    const mapping = mappingOf(
      'default',
      {
        table: 'member',
        id: 'no',
        email: {
          column: 'address',
          table: 'contact',
          foreign: 'member_no',
          local: 'no',
          where: { main: true },
        },
        password: { hash: 'secret', salt: 'pepper' },
        active: { state: 'on' },
        hash: { format: 'argon2', parameters: { passes: 4 }, pepper: 'hunter2' },
        onReset: [{ set: { token: { random: 20 }, version: { increment: 1 } } }],
      },
      { codecOf: () => ({ join: () => null, split: () => ({}) }) },
    );
    expect(mapping).toMatchObject({
      table: 'member',
      id: 'no',
      email: 'address',
      emailIn: { table: 'contact', local: 'no', foreign: 'member_no', where: { main: true } },
      password: { hash: 'secret', salt: 'pepper' },
      activeWhen: { state: 'on' },
      hash: 'argon2',
      hashFormat: 'argon2',
      hashParameters: { passes: 4 },
    });
    expect(mapping.pepper?.reveal()).toBe('hunter2');
    expect(JSON.stringify(mapping)).not.toContain('hunter2');
  });
});

describe('the manual', () => {
  it('maps by hand what can be mapped', () => {
    const topic = readFileSync(new URL('../../../templates/help/presets.md', import.meta.url), 'utf8');
    const examples = [...topic.matchAll(/^```json\n([^]*?)^```/gm)].map(([, text = '']) => text);
    const mapped = examples.map((text) => (JSON.parse(text) as { users: { preset?: string } }).users);
    const byHand = mapped.find((users) => 'onReset' in users && 'active' in users);
    expect(byHand).toBeDefined();
    const { preset = 'default', ...overrides } = byHand!;
    expect(problemsOf(() => mappingOf(preset, overrides))).toEqual([]);
    const withAccess = mapped.find((users) => 'access' in users);
    expect(problemsOf(() => mappingOf('default', { ...withAccess }))).toEqual([]);
    expect(mappingOf('default', { ...withAccess }).access.map(({ kind }) => kind)).toContain('api-token');
  });
});

eachDatabase('checkMapping', (open, dialect) => {
  let db: Db;

  beforeEach(async () => {
    ({ db } = await open());
    await createUsersTable(db, (t) => t.integer('group_id'));
  });

  const problems = async (overrides: object) =>
    checkMapping(db, mappingOf('default', overrides)).then(
      () => [],
      (error: { details: { problems: { key: string; message: string }[] } }) => error.details.problems,
    );

  it('R72: names every column that is missing, and the nearest that is there', async () => {
    expect(await problems({ email: 'emial', password: 'pasword_hash' })).toEqual([
      { key: 'users.email', message: 'the table users has no column emial; did you mean email?' },
      {
        key: 'users.password',
        message: 'the table users has no column pasword_hash; did you mean password_hash?',
      },
    ]);
  });

  it('R72: names a table that is missing, and the nearest that is there', async () => {
    const [problem] = await problems({ table: 'user' });
    expect(problem?.message).toContain('did you mean users?');
  });

  it('R74: refuses an id that is not unique', async () => {
    const [problem] = await problems({ id: 'group_id' });
    expect(problem).toMatchObject({ key: 'users.id', message: expect.stringContaining('two users') });
  });

  it('does without what only tells more about a user, unless a step needs it', async () => {
    await db.schema.dropTable('users');
    for (const name of ['users', 'jos_users'])
      await db.schema.createTable(name, (table) => {
        table.increments('id');
        for (const column of ['email', 'password']) table.string(column);
        table.integer('block');
      });
    const fork = await checkMapping(db, mappingOf('kanboard'));
    expect([fork.username, fork.name, fork.locale]).toEqual([undefined, undefined, undefined]);
    const error: unknown = await checkMapping(db, mappingOf('joomla')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ details: { problems: [{ key: 'users.username' }] } });
  });

  it('leaves out optional columns that the table has not got', async () => {
    const mapping = await checkMapping(db, mappingOf('default'));
    expect(mapping).toMatchObject({ username: undefined, locale: undefined, changedAt: undefined });
  });

  it('leaves out steps on tables that are not there, and says so', async () => {
    const onReset = [{ delete: 'no_sessions', where: { user_id: '{id}' } }];
    const mapping = await checkMapping(db, mappingOf('default', { onReset }));
    expect(mapping.onReset).toEqual([]);
    expect(mapping.skipped.join()).toContain('no_sessions');
  });

  it('finds names in the upper and lower case that the database has', async () => {
    const mapping = await checkMapping(db, mappingOf('default', { table: 'USERS', email: 'Email' }));
    expect(mapping.email).toBe('email');
    expect(mapping.table.toLowerCase()).toBe('users');
    expect(mapping.facts['user.password_hash']?.maxLength).toBe(dialect === 'sqlite' ? null : 255);
  });
});
