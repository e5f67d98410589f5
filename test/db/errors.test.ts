import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connect, type Db } from '../../src/db/connect.ts';
import { explainDatabaseError } from '../../src/db/errors.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { eachDatabase } from '../helpers/databases.ts';
import { rejection } from '../helpers/rejection.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const explained = async (work: PromiseLike<unknown>) => explainDatabaseError(await rejection(work));

eachDatabase('explainDatabaseError', (open, dialect) => {
  it('R76: names the missing table and shows neither SQL nor values', async () => {
    const { db } = await open();
    const error = await explained(db('no_such_table').where({ secret: 'hunter2' }));
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(error?.message).toContain('no_such_table');
    expect(error?.message).not.toMatch(/hunter2|select|secret/i);
  });

  it('R76: names the missing column and shows neither SQL nor values', async () => {
    const { db } = await open();
    await db.schema.createTable('t', (t) => t.increments('id'));
    const error = await explained(db('t').where({ no_such_column: 'hunter2' }));
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(error?.message).toContain('no_such_column');
    expect(error?.message).not.toMatch(/hunter2|select/i);
  });

  it('R76: shows neither SQL nor values of a statement that a rule of the database forbids', async () => {
    const { db } = await open();
    await db.schema.createTable('t', (t) => t.string('secret', 40).unique());
    await db('t').insert({ secret: 'hunter2' });
    const error = await explained(db('t').insert({ secret: 'hunter2' }));
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(error?.message).not.toMatch(/hunter2|insert|secret/i);
  });

  it('R76: shows the code alone of a refusal that we do not know', async () => {
    const { db } = await open();
    const error = await explained(db.raw(`selekt 'hunter2'`));
    expect(error).toMatchObject({ code: 'database_unavailable' });
    expect(error?.message).not.toMatch(/hunter2|selekt/i);
  });

  it('calls a database that another program keeps locked unavailable', async () => {
    const { db, url } = await open();
    await db.schema.createTable('t', (t) => t.integer('n'));
    await db('t').insert({ n: 1 });
    const other = await connect(url);
    const shorten = {
      sqlite: 'pragma busy_timeout = 10',
      postgres: `set lock_timeout to 10`,
      mysql: `set innodb_lock_wait_timeout = 1`,
    };
    if (dialect === 'sqlite') await db.raw(shorten.sqlite);
    let refusal: unknown;
    const blocked = other.transaction(async (trx) => {
      await trx('t').update({ n: 2 });
      await explained(
        db.transaction(async (mine) => {
          await mine.raw(shorten[dialect]);
          await mine('t').update({ n: 3 });
        }),
      ).then((error) => (refusal = error));
    });
    await blocked.finally(() => other.destroy());
    expect(refusal).toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('locked'),
    });
  });

  it('leaves faults of ours as they are', async () => {
    const { db } = await open();
    const work = inTransaction(db, () => Promise.reject(new RangeError('mine')));
    await expect(work).rejects.toBeInstanceOf(RangeError);
  });
});

describe('a database out of reach', () => {
  const open: Db[] = [];
  const listeners: Server[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((db) => db.destroy()));
    for (const server of listeners.splice(0)) server.close();
  });
  const refused = async (url: string) => {
    const db = await connect(url);
    open.push(db);
    return explained(db.raw('select 1'));
  };

  it.each([
    'postgres://u:hunter2@127.0.0.1:1/x',
    'mysql://u:hunter2@127.0.0.1:1/x',
    'postgres://u@localhost:1/x',
  ])('R76: %s is unavailable, and the answer holds no password', async (url) => {
    const error = await refused(url);
    expect(error).toMatchObject({ code: 'database_unavailable' });
    expect(error?.message).not.toContain('hunter2');
  });

  it('R77: refuses a server with an untrusted certificate', async () => {
    const noTls = createServer((socket: Socket) => socket.on('data', () => socket.write('N')));
    listeners.push(noTls);
    const port = await new Promise<number>((resolve) => {
      noTls.listen(0, '127.0.0.1', () => resolve((noTls.address() as { port: number }).port));
    });
    const error = await refused(`postgres://u@127.0.0.1:${port}/x?sslmode=verify-full`);
    expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('no TLS') });
  });

  it('calls a dropped connection lost', async () => {
    const hangUp = createServer((socket: Socket) => socket.destroy());
    listeners.push(hangUp);
    const port = await new Promise<number>((resolve) => {
      hangUp.listen(0, '127.0.0.1', () => resolve((hangUp.address() as { port: number }).port));
    });
    expect(await refused(`postgres://u@127.0.0.1:${port}/x`)).toMatchObject({ code: 'database_unavailable' });
    expect(await refused(`mysql://u@127.0.0.1:${port}/x`)).toMatchObject({ code: 'database_unavailable' });
  });
});

eachDatabase('a database that refuses to write', (open, dialect) => {
  it('is called read-only', async () => {
    const { db } = await open();
    await db.schema.createTable('t', (t) => t.integer('n'));
    const readOnly = {
      sqlite: 'pragma query_only = on',
      postgres: 'set default_transaction_read_only = on',
      mysql: 'set session transaction read only',
    };
    db.client.pool.max = 1; // the setting belongs to one connection
    await db.raw(readOnly[dialect]);
    const work = inTransaction(db, async (trx) => trx('t').insert({ n: 1 }));
    await expect(work).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('read-only'),
    });
  });

  it('is called exhausted when all connections are in use', async () => {
    const { db } = await open();
    db.client.pool.max = 1;
    await db.transaction(async () => {
      db.client.pool.acquireTimeoutMillis = 50; // from here on: the transaction has its connection, however long it took
      const error = await explained(db.raw('select 1'));
      expect(error).toMatchObject({
        code: 'database_unavailable',
        message: expect.stringContaining('no free connection'),
      });
    });
  });
});

eachDatabase(
  'a server that lets nobody in',
  (open, dialect) => {
    const at = async (change: (target: URL) => void) => {
      const target = new URL((await open()).url);
      change(target);
      const db = await connect(target.href);
      return explained(db.raw('select 1')).finally(() => db.destroy());
    };

    it('R76: refuses a user it does not know without the password in the answer', async () => {
      const error = await at((target) => {
        target.username = 'nobody_at_all';
        target.password = 'hunter2';
      });
      expect(error).toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('user or password'),
      });
      expect(error?.message).not.toContain('hunter2');
    });

    it('says that it has no such database', async () => {
      const error = await at((target) => (target.pathname = 'reset_no_such_database'));
      expect(error).toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('no such database'),
      });
    });

    it('R75: says that a right is missing', async () => {
      const { url, db: owner } = await open();
      const name = `reset_test_role_${randomBytes(4).toString('hex')}`;
      const [create, drop] =
        dialect === 'postgres'
          ? [`create role ${name} login`, `drop role ${name}`]
          : [`create user ${name}@'%'`, `drop user ${name}@'%'`];
      await owner.raw(create!);
      if (dialect === 'mysql') await owner.raw(`grant select on *.* to ${name}@'%'`);
      const target = new URL(url);
      target.username = name;
      const guest = await connect(target.href);
      const error = await explained(
        guest.raw(dialect === 'postgres' ? 'select * from pg_authid' : 'create table nope (n int)'),
      );
      await guest.destroy();
      await owner.raw(drop!);
      expect(error).toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('lacks a right'),
      });
    });
  },
  ['postgres', 'mysql'],
);

describe('a full disk', () => {
  it('is reported as that, and nothing is written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reset-full-disk-'));
    const db = await connect(`sqlite:${join(folder, 'app.db')}`, { mayCreate: true });
    try {
      await db.raw('create table notes (id integer primary key, text text)');
      const [{ page_count: pages }] = (await db.raw('pragma page_count')) as [{ page_count: number }];
      await db.raw(`pragma max_page_count = ${String(pages + 4)}`);
      const fill = inTransaction(db, async (trx) => {
        for (let id = 1; id < 100; id += 1) await trx('notes').insert({ id, text: 'x'.repeat(5000) });
      });
      await expect(fill).rejects.toMatchObject({
        code: 'database_unavailable',
        message: expect.stringMatching(/disk of the database is full.*Nothing was changed/),
      });
      expect(await db('notes')).toEqual([]);
    } finally {
      await db.destroy();
      await removeFolder(folder);
    }
  });
});

eachDatabase(
  'a database that stops long statements',
  (open) => {
    it('is not called a lost connection', async () => {
      const { db } = await open();
      const work = inTransaction(db, async (trx) => {
        await trx.raw("set local statement_timeout = '50ms'");
        await trx.raw('select pg_sleep(30)');
      });
      await expect(work).rejects.toMatchObject({
        code: 'database_unavailable',
        message: expect.stringMatching(/statement_timeout.*Nothing was changed\.$/),
      });
    });
  },
  ['postgres'],
);
