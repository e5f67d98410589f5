import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { eachDatabase, type TestDatabase } from '../helpers/databases.ts';
import { goodPassword, makeSetup, type Ran, type Setup, susan } from '../helpers/run-reset.ts';
import { startApply, untilWaiting } from '../helpers/start-apply.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

/** A role of one test alone, with these grants in the test's database. */
async function addRole({ url, db, dialect }: TestDatabase, limits: string, grants: string): Promise<string> {
  const target = new URL(url);
  target.username = `reset_outage_${randomBytes(4).toString('hex')}`;
  const name = target.pathname.slice(1);
  const account = dialect === 'postgres' ? target.username : `'${target.username}'@'%'`;
  await db.raw(
    dialect === 'postgres' ? `create role ${account} login ${limits}` : `create user ${account} ${limits}`,
  );
  await db.raw(
    dialect === 'postgres'
      ? `grant ${grants} on all tables in schema public to ${account}`
      : `grant ${grants} on ${name}.* to ${account}`,
  );
  onTestFinished(async () => {
    const admin = new URL(url);
    admin.pathname = dialect === 'postgres' ? 'postgres' : 'mysql';
    const owner = await connect(admin.href);
    await owner.raw(`drop ${dialect === 'postgres' ? 'role' : 'user'} ${account}`).catch(() => undefined);
    await owner.destroy();
  });
  return target.href;
}

/** Clear words and the right code, without a stack, SQL, or the hash. */
function expectClear(ran: Ran, code: number, name: string, words: RegExp): void {
  expect([ran.code, ran.error().code]).toEqual([code, name]);
  expect(ran.error().message).toMatch(words);
  expect(ran.stderr).not.toMatch(/\n\s+at |node_modules|select |update |\$2b\$/i);
  expect(ran.stdout).toBe('');
}

eachDatabase(
  'a database that fails under the command line',
  (open, dialect) => {
    const start = async (): Promise<{ database: TestDatabase; setup: Setup }> => {
      const database = await open();
      return { database, setup: await makeSetup({ database: database.url }) };
    };

    it('is unavailable when it goes away between the token and the password, and nothing is half done', async () => {
      const { database, setup } = await start();
      const proxy = await startTcpProxy(database.url);
      const file = join(setup.folder, 'token');
      await writeFile(file, await setup.issue(), { mode: 0o600 });
      const before = await setup.dump();
      await setup.configure({ database: proxy.url });
      const waiting = startApply(setup, file);
      await untilWaiting(waiting.pid, () => true);
      await proxy.cut();
      waiting.give(goodPassword);
      expect(await waiting.ended).toEqual({ code: 11, error: 'database_unavailable' });
      expect(await setup.dump()).toBe(before);
    });

    it('is asked again when it has only dropped the connection', async () => {
      const { database, setup } = await start();
      const file = join(setup.folder, 'token');
      await writeFile(file, await setup.issue(), { mode: 0o600 });
      const waiting = startApply(setup, file);
      await untilWaiting(waiting.pid, () => true);
      await killConnections(database);
      waiting.give(goodPassword);
      const { code, error } = await waiting.ended;
      const isNew = !(await setup.dump('users')).includes(susan.encoded);
      // Whichever it says, it is true.
      expect([code, error]).toEqual(isNew ? [0, undefined] : [11, 'database_unavailable']);
    });

    it('is unavailable when somebody holds the row, and nothing is half done', async () => {
      const { database, setup } = await start();
      const token = await setup.issue();
      const before = await setup.dump();
      await database.db
        .transaction(async (trx) => {
          await trx('users').update({ locale: 'de' });
          expectClear(await setup.apply(token, goodPassword, '--json'), 11, 'database_unavailable', /locked/);
          await trx.rollback();
        })
        .catch(() => undefined);
      expect(await setup.dump()).toBe(before);
    });

    it('R75: names the missing right, and nothing is half done', async () => {
      const { database, setup } = await start();
      const token = await setup.issue();
      const before = await setup.dump();
      await setup.configure({ database: await addRole(database, '', 'select') });
      const ran = await setup.apply(token, goodPassword, '--json');
      expectClear(ran, 3, 'config_invalid', /lacks a right.+Database rights/);
      await setup.configure({ database: database.url });
      expect(await setup.dump()).toBe(before);
    });

    it('is unavailable when it has no connection left', async () => {
      const { database, setup } = await start();
      const limit = dialect === 'postgres' ? 'connection limit 1' : 'with max_user_connections 1';
      const url = await addRole(database, limit, 'select');
      const other = await connect(url);
      onTestFinished(() => other.destroy());
      await other.raw('select 1');
      await setup.configure({ database: url });
      expectClear(
        await setup.run(['link', susan.email, '--json']),
        11,
        'database_unavailable',
        /no free connection/,
      );
      await other.destroy();
    });

    if (dialect !== 'postgres') return;
    it('is unavailable when it is a read-only copy, and nothing is half done', async () => {
      const { database, setup } = await start();
      const token = await setup.issue();
      const before = await setup.dump();
      const name = new URL(database.url).pathname.slice(1);
      await database.db.raw(`alter database ${name} set default_transaction_read_only to on`);
      const ran = await setup.apply(token, goodPassword, '--json');
      expectClear(ran, 11, 'database_unavailable', /read-only.+primary/);
      expect(await setup.dump()).toBe(before);
    });
  },
  ['postgres', 'mysql'],
);

/** Ends every other connection to the test's database, as an administrator or a restart does. */
async function killConnections({ db, dialect }: TestDatabase): Promise<void> {
  if (dialect === 'postgres') {
    await db.raw(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    return;
  }
  const [rows] = (await db.raw(
    'select id from information_schema.processlist where db = database() and id <> connection_id()',
  )) as [{ id: number }[]];
  for (const { id } of rows) await db.raw(`kill ${String(id)}`).catch(() => undefined); // ended meanwhile
}
