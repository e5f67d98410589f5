import { afterEach, expect, it } from 'vitest';
import { checkPasswords } from '../../../src/flows/checks/check-passwords.ts';
import { checkEngines } from '../../../src/flows/checks/check-tables.ts';
import { checkUsers } from '../../../src/flows/checks/check-users.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import type { Db } from '../../../src/db/connect.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';

const email = 'susan@example.com';
const password = 'seven green apples on a roof';
const onReset = [{ delete: 'logins', where: { user_id: '{id}' }, sessions: true }];

/** What is kept without transactions, and the tables that doctor must name. */
const CASES: readonly [string, (db: Db) => Promise<unknown>, RegExp][] = [
  ['users in MyISAM', (db) => db.raw('alter table users engine = MyISAM'), /users \(MyISAM\)/],
  ['users in Aria', (db) => db.raw('alter table users engine = Aria transactional = 1'), /users \(Aria\)/],
  ['users in MEMORY', (db) => db.raw('alter table users engine = MEMORY'), /users \(MEMORY\)/],
  ['sessions in MyISAM', (db) => db.raw('alter table logins engine = MyISAM'), /logins \(MyISAM\)/],
  [
    'a log in Aria that a trigger writes',
    async (db) => {
      await db.raw('create table changes (user_id int) engine = Aria');
      await db.raw(
        'create trigger log_change after update on users for each row insert into `changes` values (new.id)',
      );
    },
    /changes \(Aria, written by the trigger log_change\)/,
  ],
];

eachDatabase(
  'tables without transactions',
  (open) => {
    const apps: TestApp[] = [];
    afterEach(async () => {
      for (const each of apps.splice(0)) await each.close();
    });

    async function start(database: TestDatabase, prepare: (db: Db) => Promise<unknown>): Promise<TestApp> {
      const site = await createTestApp({
        database: database.url,
        config: { 'users.onReset': onReset },
        prepare: async (db) => {
          await db.raw('create table logins (id int primary key auto_increment, user_id int)');
          await prepare(db);
        },
      });
      apps.push(site);
      const id = await site.addUser({ email });
      await site.app.usersDb('logins').insert([{ user_id: Number(id) }, { user_id: 99 }]);
      return site;
    }

    const everything = (site: TestApp) => site.dump('users', 'logins');
    const hashOf = async ({ app }: TestApp) =>
      ((await app.usersDb('users').where({ email }).first('password_hash')) as { password_hash: string })
        .password_hash;
    const apply = async ({ app }: TestApp) => {
      const { token } = await issueLink(app, { identifier: { email }, actor: app.operator });
      return applyToken(app, { token, password, actor: app.operator });
    };

    it.each(CASES)('are named by doctor, which writes nothing: %s', async (_, prepare, named) => {
      const site = await start(await open(), prepare);
      const before = await everything(site);
      const { findings } = await checkUsers(site.app);
      const passwords = await checkPasswords(site.app);
      expect(findings.find(({ message }) => named.test(message))).toMatchObject({
        status: 'warning',
        remedy: expect.stringMatching(/^alter table \w+ engine = InnoDB;$/),
      });
      expect(passwords.map(({ message }) => message).join()).toMatch(
        /not written to a row.*cannot be rolled back/,
      );
      expect(await everything(site)).toBe(before);
    });

    it.each(CASES)('take a new password: %s', async (_, prepare) => {
      const site = await start(await open(), prepare);
      const before = await hashOf(site);
      expect(await apply(site)).toMatchObject({ status: 'applied', sessionsEnded: 1 });
      expect(await hashOf(site)).not.toBe(before);
      expect(await site.app.ledger('reset_tokens').where({ state: 'used' })).toHaveLength(1);
    });

    it.each(CASES)('keep the old password when a later step fails, and say so: %s', async (_, prepare) => {
      const site = await start(await open(), prepare);
      await site.app.usersDb.raw(
        `create trigger keep_logins before delete on logins for each row signal sqlstate '45000' set message_text = 'no'`,
      );
      const before = await hashOf(site);
      await expect(apply(site)).rejects.toThrow(
        /The password is what it was before, but .* cannot be rolled back/,
      );
      expect(await hashOf(site)).toBe(before);
      expect(await site.app.ledger('reset_tokens').where({ state: 'used' })).toHaveLength(0);
    });

    it('never say that nothing was changed when a trigger stored something else', async () => {
      const site = await start(await open(), async (db) => {
        await db.raw('alter table users engine = MyISAM');
        await db.raw(
          `create trigger rehash before update on users for each row set new.password_hash = concat('x', new.password_hash)`,
        );
      });
      const failure = await apply(site).catch((error: unknown) => error as Error);
      expect(failure).toMatchObject({ code: 'config_invalid', details: { isUncertain: true } });
      expect((failure as Error).message).toMatch(/no longer what it was.*users \(MyISAM\)/);
      expect((failure as Error).message).not.toMatch(/nothing was changed/i);
    });

    it('let one of two uses of a link through', async () => {
      const site = await start(await open(), (db) => db.raw('alter table users engine = MyISAM'));
      const { token } = await issueLink(site.app, { identifier: { email }, actor: site.app.operator });
      const use = () => applyToken(site.app, { token, password, actor: site.app.operator });
      const outcomes = await Promise.allSettled([use(), use(), use()]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await site.app.ledger('reset_audit').where({ event: 'password_changed' })).toHaveLength(1);
    });

    it.each([
      ['reset_tokens', 'Aria'],
      ['reset_smoke', 'MyISAM'],
    ])('are named by doctor where somebody has changed our own: %s in %s', async (table, engine) => {
      const site = await start(await open(), async () => undefined);
      expect(await checkEngines(site.app)).toEqual([]);
      await site.app.usersDb.raw(`alter table ${table} engine = ${engine}`);
      const [finding] = await checkEngines(site.app);
      expect(finding).toMatchObject({
        code: 'tables_untransacted',
        status: 'failure',
        message: expect.stringContaining(`${table} (${engine}) cannot be rolled back`),
        remedy: `alter table ${table} engine = InnoDB;`,
      });
      await site.app.usersDb.raw(finding?.remedy ?? '');
      expect(await checkEngines(site.app)).toEqual([]);
    });

    it('are never our own', async () => {
      const database = await open();
      const site = await start(database, async () => undefined);
      const [rows] = (await site.app.usersDb.raw(
        `select distinct engine as engine from information_schema.tables where table_schema = database() and table_name like 'reset%'`,
      )) as [{ engine: string }[]];
      expect(rows).toEqual([{ engine: 'InnoDB' }]);
    });
  },
  ['mysql'],
);
