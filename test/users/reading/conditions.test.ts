import { beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { checkMapping, mappingOf } from '../../../src/users/mapping/index.ts';
import { findUnusedState } from '../../../src/users/mapping/unused-state.ts';
import { findUser, findUsersByEmail } from '../../../src/users/reading/find-user.ts';
import { selectUsers } from '../../../src/users/reading/select-users.ts';
import { eachDatabase } from '../../helpers/databases.ts';

/** Conditions of `users.active`, and which values of their column are active. */
const CASES: readonly {
  readonly type: string;
  readonly condition: unknown;
  readonly active: readonly unknown[];
  readonly inactive: readonly unknown[];
}[] = [
  { type: 'boolean', condition: true, active: [true], inactive: [false, null] },
  { type: 'boolean', condition: false, active: [false], inactive: [true, null] },
  { type: 'boolean', condition: 1, active: [true], inactive: [false, null] },
  { type: 'boolean', condition: { noneOf: [true] }, active: [false, null], inactive: [true] },
  { type: 'boolean', condition: { not: false }, active: [true, null], inactive: [false] },
  { type: 'integer', condition: true, active: [1], inactive: [0, 2, null] },
  { type: 'integer', condition: 1, active: [1], inactive: [0, 10, null] },
  { type: 'integer', condition: '1', active: [1], inactive: [0, null] },
  { type: 'integer', condition: { oneOf: [0, 3] }, active: [0, 3], inactive: [1, null] },
  { type: 'integer', condition: { noneOf: [0, null] }, active: [1, 2], inactive: [0, null] },
  { type: 'decimal(5,2)', condition: 1, active: [1], inactive: [0, 1.5, null] },
  {
    type: 'varchar(20)',
    condition: 'active',
    active: ['active'],
    inactive: ['Active', 'inactive', '', null],
  },
  {
    type: 'varchar(20)',
    condition: true,
    active: ['true', 't', '1', 'Y'],
    inactive: ['false', 'N', '', null],
  },
  { type: 'varchar(20)', condition: { startsWith: 'a_' }, active: ['a_b'], inactive: ['ab', 'A_b', null] },
  { type: 'varchar(20)', condition: { empty: true }, active: ['', null], inactive: ['x'] },
  { type: 'varchar(20)', condition: { empty: false }, active: ['x'], inactive: ['', null] },
  { type: 'char(20)', condition: 'active', active: ['active'], inactive: ['inactive', null] },
  { type: 'timestamp', condition: null, active: [null], inactive: ['2020-01-01 00:00:00'] },
  {
    type: 'timestamp',
    condition: { past: true },
    active: [null, '2020-01-01 00:00:00'],
    inactive: ['2037-01-01 00:00:00'],
  },
];

eachDatabase('users.active means the same in a plan, for a link and on the page', (open) => {
  it.each(CASES)('$type, $condition', async ({ type, condition, active, inactive }) => {
    const { db } = await open();
    await db.raw(
      `create table users (id integer primary key, email varchar(99), password_hash varchar(99), state ${type} null)`,
    );
    const values = [...active, ...inactive];
    const rows = values.map((state, id) => ({ id, email: `u${id}@example.com`, password_hash: 'x', state }));
    await db('users').insert(rows);
    const mapping = await checkMapping(db, mappingOf('default', { active: { state: condition } }));
    const expected = values.map((_, index) => index < active.length);

    const plan = (await selectUsers(db, mapping, {})) as { id: string; is_active: unknown }[];
    const ordered = plan.sort((one, other) => Number(one.id) - Number(other.id));
    expect(ordered.map(({ is_active }) => Boolean(Number(is_active)))).toEqual(expected);
    const emails = rows.map(({ email }) => email);
    const byEmail = await findUsersByEmail(db, mapping, emails);
    expect(emails.map((email) => byEmail.get(email)?.[0]?.isActive)).toEqual(expected);
  });
});

describe('users.active', () => {
  it.each([
    [{ is_active: { equals: true } }, /is_active: has no operator "equals".*oneOf.*noneOf.*past \(true\)/],
    [{ status: { eq: 'active' } }, /has no operator "eq"/],
    [{ status: { Not: 'x' } }, /has no operator "Not"/],
    [{ status: { oneof: ['x'] } }, /has no operator "oneof"/],
    [{ status: {} }, /exactly one operator/],
    [{ status: { not: 'a', empty: false } }, /exactly one operator/],
    [{ status: [1] }, /is not a condition/],
    [{ status: { oneOf: [] } }, /oneOf takes a list of values/],
    [{ status: { oneOf: [['x']] } }, /oneOf takes a list of values/],
    [{ status: { startsWith: '' } }, /startsWith takes text/],
    [{ status: { empty: 'yes' } }, /empty takes true or false/],
    [{ ban: { past: false } }, /past takes true/],
    [{ status: { toString: 1 } }, /has no operator "toString"/],
  ])('refuses %j and says which operators there are', (active, says) => {
    expect(() => mappingOf('default', { active })).toThrow(says);
  });
});

eachDatabase('several rows on one address', (open) => {
  let db: Db;
  const email = 'susan@example.com';
  const mappingFor = () => checkMapping(db, mappingOf('laravel'));
  beforeEach(async () => {
    ({ db } = await open());
    await db.schema.createTable('users', (t) => {
      t.increments('id');
      t.string('email', 100);
      t.string('password', 100);
      t.timestamp('deleted_at').nullable();
    });
  });
  const row = (id: number, isDeleted: boolean) => ({
    id,
    email,
    password: 'x',
    deleted_at: isDeleted ? '2020-01-01 00:00:00' : null,
  });

  it.each([
    [[true, false], '2'],
    [[false, true, true], '1'],
    [[true], '1'],
  ])('mean the only active one (deleted: %j)', async (deleted, id) => {
    await db('users').insert(deleted.map((isDeleted, index) => row(index + 1, isDeleted)));
    const user = await findUser(db, await mappingFor(), { email: 'Susan@example.com' });
    expect(user).toMatchObject({ id, isActive: !deleted[Number(id) - 1] });
  });

  it.each([[[false, false]], [[true, true]]])('are ambiguous otherwise (deleted: %j)', async (deleted) => {
    await db('users').insert(deleted.map((isDeleted, index) => row(index + 1, isDeleted)));
    await expect(findUser(db, await mappingFor(), { email })).rejects.toMatchObject({
      code: 'user_ambiguous',
    });
  });
});

eachDatabase(
  'a column that seems to say who may sign in',
  (open) => {
    const named = (names: string, type: string, condition: unknown) =>
      names.split(' ').map((column) => [column, type, condition] as const);
    it.each([
      ...named('enabled is_active isActive', 'boolean', true),
      ...named('activated', 'integer', true),
      ...named('disabled banned suspended is_deleted locked', 'boolean', false),
      ...named('blocked', 'integer', false),
      ...named('deleted_at deletedAt banned_at', 'timestamp', null),
      ...named('suspended_until', 'timestamp', { past: true }),
      ...named('status account_status', 'text', undefined),
    ])('is named with what it would be: %s %s', async (column, type, condition) => {
      const { db } = await open();
      await db.raw(
        `create table users (id integer primary key, email text, password_hash text, created_at text, "${column}" ${type})`,
      );
      expect(findUnusedState(await checkMapping(db, mappingOf('default')))).toEqual([{ column, condition }]);
      const active = { [column]: condition ?? null };
      expect(findUnusedState(await checkMapping(db, mappingOf('default', { active })))).toEqual([]);
    });
  },
  ['sqlite'],
);
