import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../../src/db/connect.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { goodPassword, makeSetup, type Ran, type Setup, succeed, susan } from '../../helpers/run-reset.ts';
import { eachOwnServer } from '../../helpers/own-server.ts';
import { startApply, untilWaiting } from '../../helpers/start-apply.ts';
import { postForm, startServe } from '../../helpers/start-reset.ts';
import { startTcpProxy } from '../../helpers/tcp-proxy.ts';

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
      // Whichever it reports must be true.
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

    it('is unavailable on every page while somebody holds the row, and no longer', async () => {
      const { database, setup } = await start();
      const token = await setup.issue();
      const before = await setup.dump();
      const served = await startServe(setup);
      const link = `${served.url}/reset_password/${token}`;
      const fields = { password: goodPassword, password2: goodPassword };
      const lock = await database.db.transaction();
      await lock('users').update({ locale: 'de' });
      // Six times the number of connections: the first wait for the lock, the others for a connection.
      const answers = await Promise.all(Array.from({ length: 30 }, () => postForm(link, fields)));
      for (const answer of answers) {
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
        expect(await answer.text()).not.toMatch(/select |update |knex/i);
      }
      await lock.rollback();
      expect(served.log()).toMatch(/"database_unavailable".+locked/);
      expect(served.log()).toMatch(/"database_unavailable".+no free connection/);
      expect(await setup.dump()).toBe(before);
      expect((await postForm(link, fields)).status).toBe(303);
      expect(await served.stop()).toBe(0);
    });

    it('R75: names the missing right, and nothing is half done', async () => {
      const { database, setup } = await start();
      const token = await setup.issue();
      const before = await setup.dump();
      await setup.configure({ database: await addRole(database, '', 'select') });
      const ran = await setup.apply(token, goodPassword, '--json');
      expectClear(ran, 3, 'config_invalid', /lacks a right.+help database/);
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
  },
  ['postgres', 'mysql'],
);

eachOwnServer('a server that takes no writes', (server) => {
  /** Like a replica, or a primary that somebody switched to read-only. */
  async function makeReadOnly(url: string, isReadOnly: boolean): Promise<void> {
    const value = isReadOnly ? 'on' : 'off';
    await server.administer(url, async (db) => {
      if (server.dialect === 'mysql') return db.raw(`set global read_only = ${value}`);
      await db.raw(`alter system set default_transaction_read_only to ${value}`);
      return db.raw('select pg_reload_conf()');
    });
  }

  it('is called read-only by whatever must write, nothing is half done, and looking goes on', async () => {
    const owner = await server.createDatabase();
    const setup = await makeSetup({ database: owner });
    const token = await setup.issue();
    const url = new URL(owner);
    url.username = 'ordinary'; // read_only does not stop an administrator
    await server.administer(owner, async (db) => {
      const account = server.dialect === 'mysql' ? `'ordinary'@'%'` : 'ordinary';
      if (server.dialect === 'postgres') {
        await db.raw(`create role ordinary login`);
        await db.raw(`grant all on all tables in schema public to ordinary`);
        return db.raw(`grant all on all sequences in schema public to ordinary`);
      }
      await db.raw(`create user ${account}`);
      return db.raw(`grant select, insert, update, delete on ${url.pathname.slice(1)}.* to ${account}`);
    });
    const before = await setup.dump();
    await setup.configure({ database: url.href });
    await makeReadOnly(owner, true);
    onTestFinished(() => makeReadOnly(owner, false));
    for (const ran of [
      await setup.apply(token, goodPassword, '--json'),
      await setup.run(['send', susan.email, '--json']),
      await setup.run(['link', susan.email, '--json']),
      await setup.run(['revoke', susan.email, '--json']),
    ]) {
      expectClear(ran, 11, 'database_unavailable', /read-only.+primary/);
    }
    await succeed(setup.run(['verify', token]));
    await succeed(setup.run(['status', susan.email]));
    const check = ['doctor', '--user', susan.email, '--password-stdin'];
    await succeed(setup.run(check, { input: `${susan.password}\n` }));
    expect(await setup.dump()).toBe(before);
    await makeReadOnly(owner, false);
    await succeed(setup.apply(token));
  });
});

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
