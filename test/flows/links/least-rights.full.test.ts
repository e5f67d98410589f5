import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { createApp, type App } from '../../../src/app.ts';
import { Secret } from '../../../src/values/secret.ts';
import { dialectOf, type Db } from '../../../src/db/connect.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { checkKnownPassword } from '../../../src/flows/passwords/check-known-password.ts';
import { checkRights } from '../../../src/flows/checks/check-rights.ts';
import { followBatch } from '../../../src/flows/batch/follow-batch.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { settleLeftovers } from '../../../src/flows/both/settle-intents.ts';
import { cleanUpLedger } from '../../../src/flows/batch/clean-up.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { readUserStatus } from '../../../src/flows/history/read-status.ts';
import { revokeOfUser } from '../../../src/flows/links/revoke-tokens.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import { getPreset } from '../../../src/users/preset/get-preset.ts';
import { everybody } from '../../helpers/batch-request.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase, eachPair, type TestDatabase } from '../../helpers/databases.ts';
import { createExample } from '../../helpers/example-tables.ts';

const newPassword = 'seven green apples on a roof';
const susan = { email: 'susan@example.com' };

/**
 * The statements that `reset help database` gives people to run, for this role instead of `reset`: those for the users'
 * database and those for reset's tables.
 */
function grantsOfManual(role: string): string[] {
  const topic = readFileSync(new URL('../../../templates/help/database.md', import.meta.url), 'utf8');
  const [section = ''] = topic.slice(topic.indexOf('## Rights') + 2).split('\n## ');
  const blocks = [...section.matchAll(/```sql\n(.+?)```/gs)].map(([, statements = '']) => statements);
  expect(blocks).toHaveLength(2);
  return blocks.map((sql) => sql.replaceAll('to reset;', `to ${role};`));
}

/** What an operator and a worker do with one person, and `cleanup`. */
async function expectAllDone({ app, owner }: { app: App; owner: TestApp }): Promise<void> {
  const actor = app.operator;
  expect((await sendReset(app, { identifier: susan, actor, bucket: 'operator' })).status).toBe('sent');
  expect(await revokeOfUser(app, susan, actor)).toMatchObject({ revoked: 1 });
  const { token } = await issueLink(app, { identifier: susan, actor });
  expect(await applyToken(app, { token, password: newPassword, actor })).toMatchObject({
    status: 'applied',
  });
  await runWorker(app, { signal: new AbortController().signal, once: true });
  await owner.mailbox!.waitFor(2);
  expect(await checkKnownPassword(app, susan, newPassword)).toMatchObject({ accepted: true });
  expect((await readUserStatus(app, susan)).timeline).not.toEqual([]);
  await cleanUpLedger(app, 0);
  expect(await owner.app.usersDb('authtoken_token').pluck('user_id')).toEqual([2]);
}

/** Django's users, and reset's tables where they belong. */
async function openAsOwner({ url, db }: TestDatabase): Promise<TestApp> {
  const [{ encoded } = { encoded: '' }] = findFormat('django-pbkdf2').examples;
  await createExample(db, getPreset('django'), { hash: encoded });
  return createTestApp({ database: url, config: { 'users.preset': 'django' } });
}

eachDatabase(
  'a role with no more rights than the manual names',
  (open) => {
    let owner: TestApp;
    let guest: App | undefined;
    let role: string;
    afterEach(async () => {
      await guest?.close();
      await owner.app.usersDb.raw(`drop owned by ${role}`);
      await owner.app.usersDb.raw(`drop role ${role}`);
      await owner.close();
    });

    /** Migrated by the owner, then opened by the role. */
    async function openAsRole(): Promise<App> {
      const database = await open();
      const { url, db } = database;
      owner = await openAsOwner(database);
      role = `reset_least_${randomBytes(4).toString('hex')}`;
      await db.raw(`create role ${role} login`);
      await db.raw(grantsOfManual(role).join(''));
      const target = new URL(url);
      target.username = role;
      guest = await createApp(
        { ...owner.app.config, database: new Secret(target.href) },
        { clock: owner.app.clock, log: owner.app.log },
      );
      return guest;
    }

    it('R75: sends, resets and cleans up', async () => {
      await expectAllDone({ app: await openAsRole(), owner });
    });

    it('R75: cannot change an address, add a user, drop a table or rewrite the audit', async () => {
      const { usersDb: db } = await openAsRole();
      const forbidden: ((db: Db) => PromiseLike<unknown>)[] = [
        () => db('auth_user').update({ email: 'eve@example.com' }),
        () => db('auth_user').insert({ email: 'eve@example.com' }),
        () => db('auth_user').delete(),
        () => db.schema.dropTable('reset_tokens'),
        () => db('reset_audit').update({ result: 'ok' }),
        () => db('reset_audit').delete(),
      ];
      for (const attempt of forbidden) await expect(attempt(db)).rejects.toMatchObject({ code: '42501' });
    });
  },
  ['postgres'],
);

eachPair(
  'roles with no more rights than the manual and the doctor name',
  (open, dialect) => {
    let owner: TestApp;
    let guest: App | undefined;
    const roles: { db: Db; drop: readonly string[] }[] = [];
    afterEach(async () => {
      await guest?.close();
      for (const { db, drop } of roles.splice(0)) for (const sql of drop) await db.raw(sql);
      await owner.close();
    });

    /** May connect, and create nothing; then what `grants` says. Gives the URL. An SQLite file has no roles. */
    async function addRole(
      db: Db,
      url: string,
      grants: (role: string) => readonly string[],
    ): Promise<string> {
      const kind = dialectOf(db);
      if (kind === 'sqlite') return url;
      const name = `reset_least_${randomBytes(4).toString('hex')}`;
      const role = kind === 'mysql' ? `'${name}'@'%'` : name;
      const drop = kind === 'mysql' ? [`drop user ${role}`] : [`drop owned by ${role}`, `drop role ${role}`];
      await db.raw(kind === 'mysql' ? `create user ${role}` : `create role ${role} login`);
      roles.push({ db, drop });
      if (kind === 'postgres') await db.raw('revoke create on schema public from public');
      for (const sql of grants(role)) await db.raw(sql);
      const target = new URL(url);
      target.username = name;
      return target.href;
    }

    /** The manual has PostgreSQL's; the doctor prints those of any database, for whoever asks. */
    async function openAsRoles(database: TestDatabase): Promise<App> {
      owner = await openAsOwner(database);
      const findings = await checkRights(owner.app);
      const printed = (check: string) => (role: string) =>
        findings
          .filter((finding) => finding.check === check)
          .flatMap(({ details }) => details?.['grants'] as string[])
          .map((sql) => sql.replace(/ to \S+;$/, ` to ${role};`));
      const ofManual = (index: 0 | 1) => (role: string) => [grantsOfManual(role)[index] ?? ''];
      const { db, url, ledger, ledgerUrl } = database;
      const users = await addRole(db, url, dialect === 'postgres' ? ofManual(0) : printed('rights'));
      const own = await addRole(ledger, ledgerUrl, ofManual(1));
      guest = await createApp(
        { ...owner.app.config, database: new Secret(users), ledger: new Secret(own) },
        { clock: owner.app.clock, log: owner.app.log },
      );
      return guest;
    }

    it('send, reset and clean up, and the doctor has nothing to add', async () => {
      const app = await openAsRoles(await open());
      expect(app.isApart).toBe(true);
      const { code: missing } = (await checkRights(app)).find(({ status }) => status !== 'ok') ?? {};
      expect(missing).toBeUndefined();
      await expectAllDone({ app, owner });
    });

    it('lock everybody, mail them, and finish what a process left', async () => {
      const app = await openAsRoles(await open());
      const { batch } = await planBatch(app, everybody(app, { isLocking: true }), true);
      const { signal } = new AbortController();
      await beginBatch(app, batch, { signal, onLocked: () => undefined });
      await followBatch(app, batch.id, { signal, onProgress: () => undefined });
      expect(owner.mailbox!.messages.length).toBeGreaterThan(0);
      await settleLeftovers(app);
      expect(await owner.app.ledger('reset_intents')).toEqual([]);
    });

    it('create nothing and change nothing else in the application', async () => {
      const { usersDb: db } = await openAsRoles(await open());
      // The doctor grants by table, the manual by column.
      const forbidden: ((db: Db) => PromiseLike<unknown>)[] = [
        () => db.schema.createTable('reset_intents', (table) => void table.integer('id')),
        ...(dialect === 'postgres' ? [() => db('auth_user').update({ email: 'eve@example.com' })] : []),
        () => db('auth_user').insert({ email: 'eve@example.com' }),
        () => db('auth_user').delete(),
      ];
      for (const attempt of forbidden) await expect(attempt(db)).rejects.toThrow(/denied/);
    });
  },
  ['postgres', 'mysql'],
);
