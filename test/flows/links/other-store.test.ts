import { hash } from 'bcrypt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { App } from '../../../src/app.ts';
import { lockBatch } from '../../../src/flows/batch/lock-batch.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { applyReset } from '../../../src/flows/links/apply-reset.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { openToken } from '../../../src/flows/links/verify-reset-token.ts';
import { findPeople } from '../../../src/flows/users/find-people.ts';
import { extractToken } from '../../../src/tokens/extract-token.ts';
import type { UsersStore } from '../../../src/users/store/users-store.ts';
import { everybody } from '../../helpers/batch-request.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { createMemoryUsers } from '../../helpers/memory-users.ts';

const email = 'susan@example.com';
const password = 'nine yellow pears in a cellar';

let site: TestApp;
let app: App;
let users: UsersStore;
let old: string;

const encodedOf = async (username: string) => (await users.find({ username }))?.encoded;

// There is no table of users at all: whatever asks for one fails.
beforeEach(async () => {
  site = await createTestApp({ prepare: (db) => db.schema.dropTable('users') });
  old = await hash('the old password', 4);
  users = createMemoryUsers([
    { email, username: 'susan', encoded: old, isActive: true },
    { email: 'tom@example.com', username: 'tom', encoded: old, isActive: false },
  ]);
  app = { ...site.app, users: () => Promise.resolve(users), isApart: true };
});
afterEach(() => site.close());

it('a person who is in no table gets a link by mail and sets a new password', async () => {
  const { operator: actor } = app;
  expect((await findPeople(app, 'susan')).people).toMatchObject([{ email, signsIn: 'password' }]);
  const sent = await sendReset(app, { identifier: { email }, actor, bucket: 'operator' });
  expect(sent.status).toBe('sent');
  const token = extractToken(site.mailbox!.messages[0]!.parsed.text!);
  const applied = await applyReset(app, await openToken(app, token, actor), password, actor);
  expect(applied).toMatchObject({ email, hashFormat: 'bcrypt', sessionsEndThemselves: true });
  expect([(await encodedOf('susan')) === old, await encodedOf('tom')]).toEqual([false, old]);
  await expect(openToken(app, token, actor)).rejects.toMatchObject({ code: 'token_used' });
  expect(await app.ledger('reset_audit').where({ event: 'password_changed' })).toHaveLength(1);
  expect(await app.ledger('reset_intents')).toEqual([]);
});

it('people who are in no table are planned and locked', async () => {
  const { batch, counts } = await planBatch(app, everybody(app, { isLocking: true }), true);
  expect(counts).toMatchObject({ queued: 1, skipped: 1 });
  const options = { signal: new AbortController().signal, onLocked: () => undefined };
  expect(await lockBatch(app, batch, options)).toBe(true);
  const hashes = [await encodedOf('susan'), await encodedOf('tom')];
  expect(hashes.includes(old)).toBe(false);
  expect(await app.ledger('reset_locks')).toHaveLength(2);
});
