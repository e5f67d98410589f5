import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, dialectOf, type Db } from '../../src/db/connect.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

it.each(['mysql://u@192.0.2.7/x', 'mariadb://u@[2001:db8::7]/x'])(
  'R77: refuses %s, whose certificate the driver would compare with localhost',
  async (url) => {
    await expect(connect(url)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('by its name') as string,
    });
    await (await connect(`${url}?sslmode=disable`)).destroy();
  },
);

describe('connect to SQLite', () => {
  let folder: string;
  const open: Db[] = [];
  const connected = async (...args: Parameters<typeof connect>): Promise<Db> => {
    const db = await connect(...args);
    open.push(db);
    return db;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reset-connect-'));
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((db) => db.destroy()));
    await removeFolder(folder);
  });

  it('refuses a file that is not there, and does not create it', async () => {
    const path = join(folder, 'typo.db');
    await expect(connect(`sqlite:${path}`)).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('creates a file that only its owner may read, with a write-ahead log', async () => {
    const path = join(folder, 'new.db');
    const db = await connected(`sqlite:${path}`, { mayCreate: true });
    await db.schema.createTable('t', (t) => t.increments('id'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(`${path}-wal`)).mode & 0o777).toBe(0o600);
    expect(await db.raw('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await db.raw('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
    expect(dialectOf(db)).toBe('sqlite');
  });

  it('lets two connections read and then write the same row without losing one', async () => {
    const url = `sqlite:${join(folder, 'race.db')}`;
    const first = await connected(url, { mayCreate: true });
    await first.schema.createTable('t', (t) => t.integer('n'));
    await first('t').insert({ n: 0 });
    const second = await connected(url);
    const increment = (db: Db) =>
      inTransaction(db, async (trx) => {
        const row = await trx('t').first<{ n: number }>();
        await trx('t').update({ n: row.n + 1 });
      });
    await Promise.all(Array.from({ length: 20 }, (_, i) => increment(i % 2 ? first : second)));
    expect(await first('t').first()).toEqual({ n: 20 });
  });

  it('rolls everything back when the work fails, and hands its error on', async () => {
    const db = await connected(`sqlite:${join(folder, 'back.db')}`, { mayCreate: true });
    await db.schema.createTable('t', (t) => t.integer('n'));
    const work = inTransaction(db, async (trx) => {
      await trx('t').insert({ n: 1 });
      throw new TypeError('mine');
    });
    await expect(work).rejects.toThrow('mine');
    expect(await db('t')).toEqual([]);
  });
});
