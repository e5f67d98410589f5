import { afterEach, describe, expect, it } from 'vitest';
import { showAccess } from '../../../src/flows/access/show-access.ts';
import { endAccess } from '../../../src/flows/access/end-access.ts';
import { planRequire } from '../../../src/flows/access/require-change.ts';
import { survivingOfBatch } from '../../../src/flows/access/surviving.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { extractToken } from '../../../src/tokens/extract-token.ts';
import { mappingOf } from '../../../src/users/mapping/index.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { everybody } from '../../helpers/batch-request.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { rejection } from '../../helpers/rejection.ts';
import { susan } from '../../helpers/run-reset.ts';
import { createUsersTable } from '../../helpers/users-table.ts';

const tokens = { kind: 'api-token', table: 'tokens', where: { owner: '{id}' } };

describe('users.access', () => {
  const messageOf = (entry: unknown, more: object = {}): string => {
    try {
      mappingOf('default', { access: [entry], ...more });
      return '';
    } catch (error) {
      const { details } = error as { details: { problems: { key: string; message: string }[] } };
      return details.problems.map(({ key, message }) => `${key} ${message}`).join('\n');
    }
  };

  it.each([
    ['api-token', 'must be an object with a kind'],
    [{ table: 'tokens', where: { owner: '{id}' } }, 'kind must be one of totp, '],
    [{ ...tokens, kind: 'token' }, 'kind must be one of totp, '],
    [{ ...tokens, wen: {} }, 'has no key "wen"; did you mean when?'],
    [{ ...tokens, name: '' }, 'name must be text'],
    [{ ...tokens, table: 'tokens" t' }, 'table must be a name of '],
    [{ ...tokens, where: { owner: 7 } }, 'must name the user in "where"'],
    [{ kind: 'api-token', table: 'tokens' }, 'must name the user in "where"'],
    [{ ...tokens, where: { 'owner"': '{id}' } }, 'only '],
    [{ ...tokens, when: { live: { is: 1 } } }, 'when live: has no operator "is"'],
    [{ ...tokens, when: { 'a"b': 1 } }, 'only '],
    [{ ...tokens, since: { column: 'at' } }, 'since must be a column, or '],
    [{ ...tokens, since: 'a"b' }, 'only '],
    [{ ...tokens, isOne: 1 }, 'isOne must be true, or left out'],
    [{ ...tokens, reset: true }, 'reset must be "steps" or "hash"'],
    [{ ...tokens, kind: 'totp', reset: 'steps' }, 'reset must be left out: a reset ends no second factor'],
    [{ ...tokens, kind: 'passkey', reset: 'hash' }, 'reset must be left out'],
    [{ ...tokens, end: [{ delete: 'tokens', where: { live: true } }] }, 'must name the user in "where"'],
    [{ ...tokens, end: [{ delete: 'reset_audit', where: { user_id: '{id}' } }] }, "a table of reset's own"],
    [{ ...tokens, table: 'reset_tokens', where: { user_id: '{id}' } }, "a table of reset's own"],
    [{ ...tokens, end: [{ set: { password_hash: '' } }] }, 'sets password_hash'],
    [{ ...tokens, end: 'delete' }, 'end must be a list of '],
    [{ ...tokens, demand: [{ set: { stale: true } }] }, 'demand goes with the kind must-change'],
    [{ kind: 'totp', when: { otp: true } }, 'needs "table" and "where"'],
    [{ kind: 'totp', end: [{ set: { otp: null } }] }, 'needs "table" and "where"'],
  ])('%j: %s', (entry, message) => {
    expect(messageOf(entry)).toContain('users.access[0] ');
    expect(messageOf(entry)).toContain(message);
  });

  it('is a list', () => {
    expect(messageOf(undefined, { access: tokens })).toContain('users.access must be a list');
  });
});

const SESSIONS = { kind: 'session', table: 'logins', where: { owner: '{id}' }, reset: 'steps' };
const FACTOR = {
  kind: 'totp',
  when: { otp_enabled: true },
  end: [{ set: { otp_enabled: false, otp_secret: null } }],
};
const STALE = {
  kind: 'must-change',
  when: { stale: true },
  end: [{ set: { stale: false } }],
  demand: [{ set: { stale: true } }],
  reset: 'steps',
};

eachDatabase('entries of the operator', (open) => {
  let test: TestApp;
  afterEach(() => test.close());
  const identifier = { email: 'susan@example.com' };

  async function openSite(access: readonly object[], onReset?: readonly object[]): Promise<void> {
    const database = await open();
    const { db } = database;
    await createUsersTable(db, (table) => {
      table.boolean('otp_enabled');
      table.string('otp_secret', 64);
      table.boolean('stale');
    });
    const row = { otp_enabled: true, otp_secret: 'x', stale: true };
    for (const name of ['susan', 'mike'])
      await db('users').insert({ email: `${name}@example.com`, password_hash: susan.encoded, ...row });
    for (const name of ['tokens', 'logins'])
      await db.schema.createTable(name, (table) => {
        table.increments('id');
        table.integer('owner');
      });
    for (const owner of [1, 1, 2]) {
      await db('tokens').insert({ owner });
      await db('logins').insert({ owner });
    }
    const steps = onReset === undefined ? {} : { 'users.onReset': onReset };
    const config = { 'users.access': access, ...steps, appName: 'Acme' };
    test = await createTestApp({ database: database.url, config });
  }
  const counts = async () => {
    const { access } = await showAccess(test.app, identifier);
    return Object.fromEntries(access.map(({ kind, count }) => [kind, count]));
  };
  const left = async (table: string) => test.app.usersDb(table).orderBy('id').pluck('owner');
  const reset = async () => {
    const { url } = await issueLink(test.app, { identifier, actor: test.app.operator });
    const password = 'correct horse battery staple';
    return applyToken(test.app, { token: extractToken(url), password, actor: test.app.operator });
  };

  it('are shown, and end with a reset or without it', async () => {
    await openSite([{ ...tokens }, SESSIONS, FACTOR, STALE]);
    expect(await counts()).toEqual({ totp: 1, session: 2, 'api-token': 2, 'must-change': 1 });
    expect(await reset()).toMatchObject({ sessionsEnded: 2 });
    expect(await counts()).toEqual({ totp: 1, session: 0, 'api-token': 2, 'must-change': 0 });
    await endAccess(test.app, { identifier, kinds: 'all', actor: test.app.operator });
    expect(await counts()).toEqual({ totp: 0, session: 0, 'api-token': 0, 'must-change': 0 });
    expect([await left('tokens'), await left('logins')]).toEqual([[2], [2]]);
    const plan = await planRequire(test.app, { identifier, isUndo: false, actor: test.app.operator });
    expect(plan.status).toBe('planned');
  });

  it('end with a lock of everybody, and what does not is in its plan', async () => {
    await openSite([tokens, SESSIONS, FACTOR]);
    const request = everybody(test.app, { isLocking: true, isMailed: false });
    const { batch } = await planBatch(test.app, request, true);
    expect(batch.ends).toBe('session,api-token');
    expect(await survivingOfBatch(test.app, batch)).toMatchObject([{ kind: 'totp', people: 2 }]);
    await beginBatch(test.app, batch, { signal: new AbortController().signal, onLocked: () => undefined });
    expect(await counts()).toEqual({ totp: 1, session: 0, 'api-token': 0 });
  });

  it('go with steps of users.onReset, of which none runs twice', async () => {
    const onReset = [{ delete: 'logins', where: { owner: '{id}' }, sessions: true }];
    await openSite([SESSIONS, STALE], onReset);
    expect(await counts()).toEqual({ session: 2, 'must-change': 1 });
    expect(await reset()).toMatchObject({ sessionsEnded: 2 });
    expect(await counts()).toEqual({ session: 0, 'must-change': 0 });
  });

  it.each([
    [{ ...tokens, table: 'no_tokens' }, 'there is no table no_tokens in this database'],
    [{ ...tokens, where: { ownr: '{id}' } }, 'the table tokens has no column ownr'],
    [{ ...tokens, since: 'made_at' }, 'the table tokens has no column made_at'],
    [{ ...FACTOR, when: { otp: true } }, 'the table users has no column otp'],
    [{ ...FACTOR, end: [{ set: { otp_key: null } }] }, 'the table users has no column otp_key'],
  ])('%j: what is not there is said, not left out', async (entry, message) => {
    await openSite([FACTOR, entry]);
    expect(await rejection(test.app.users())).toMatchObject({
      code: 'config_invalid',
      details: { problems: [{ key: 'users.access[1]', message }] },
    });
  });
});
