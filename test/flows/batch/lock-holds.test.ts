import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { App } from '../../../src/app.ts';
import type { Db, Dialect } from '../../../src/db/connect.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch, countLocks } from '../../../src/flows/batch/start-batch.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { keepApart } from '../../helpers/ledger-of.ts';

const ALL: readonly Dialect[] = ['sqlite', 'postgres', 'mysql'];

/** A trigger on `users` that sets `password_hash` to this SQL when `condition` holds. */
async function keepByTrigger(db: Db, dialect: Dialect, value: string, condition = '1 = 1'): Promise<void> {
  if (dialect === 'sqlite') {
    await db.raw(
      `create trigger keep after update of password_hash on users for each row when ${condition.replaceAll('#', 'old')}
       begin update users set password_hash = ${value} where id = old.id; end`,
    );
  } else if (dialect === 'mysql') {
    await db.raw(
      `create trigger keep_hash before update on users for each row set new.password_hash = if(${condition.replaceAll('#', 'old')}, ${value}, new.password_hash)`,
    );
  } else {
    await db.raw(
      `create function keep() returns trigger language plpgsql as $$ begin
         if ${condition.replaceAll('#', 'old')} then new.password_hash := ${value}; end if; return new; end $$`,
    );
    await db.raw('create trigger keep before update on users for each row execute function keep()');
  }
}

const joined = (dialect: Dialect) =>
  dialect === 'mysql' ? `concat('x', new.password_hash)` : `'x' || new.password_hash`;

/** What keeps a hash from being replaced, and the database users who can have it. */
const OBSTACLES: readonly [string, readonly Dialect[], (db: Db, dialect: Dialect) => Promise<unknown>][] = [
  ['a trigger that puts every old hash back', ALL, (db, at) => keepByTrigger(db, at, 'old.password_hash')],
  [
    'a trigger that protects one user',
    ALL,
    (db, at) => keepByTrigger(db, at, 'old.password_hash', '#.id = 3'),
  ],
  ['a trigger that hashes what is written', ALL, (db, at) => keepByTrigger(db, at, joined(at))],
  [
    'a trigger that drops the update',
    ['postgres'],
    async (db) => {
      await db.raw(
        'create function drop_it() returns trigger language plpgsql as $$ begin return null; end $$',
      );
      await db.raw('create trigger drop_it before update on users for each row execute function drop_it()');
    },
  ],
];

eachDatabase('a password that cannot be locked', (open, dialect) => {
  const apps: TestApp[] = [];
  afterEach(async () => {
    for (const each of apps.splice(0)) await each.close();
  });

  async function start(database: TestDatabase, url = database.url): Promise<TestApp> {
    const site = await createTestApp({ database: url });
    apps.push(site);
    for (const name of ['susan', 'mike', 'tom']) await site.addUser({ email: `${name}@example.com` });
    return site;
  }

  const plan = async (app: App) => {
    const { batch } = await planBatch(
      app,
      {
        choice: { kind: 'users', where: [] },
        except: [],
        isLocking: true,
        isMailed: true,
        actor: app.operator,
        isDryRun: false,
      },
      true,
    );
    return batch;
  };
  const lock = async (app: App) => {
    const locked: number[] = [];
    const { signal } = new AbortController();
    const batch = await plan(app);
    const planned = await countLocks(app, batch);
    await beginBatch(app, batch, { signal, onLocked: (progress) => locked.push(progress.locked) });
    return { planned, locked: locked.at(-1) ?? 0 };
  };

  it.each(OBSTACLES.filter(([, dialects]) => dialects.includes(dialect)))(
    'stops the run before the first mail: %s',
    async (_, __, obstruct) => {
      const { app, dump, mailbox } = await start(await open());
      await obstruct(app.usersDb, dialect);
      const before = await dump('users');
      await expect(lock(app)).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringMatching(
          /of 3 passwords kept their old hash or another one.*Nobody was mailed/,
        ),
      });
      expect(await dump('users')).toBe(before);
      expect(await app.ledger('reset_outbox').whereNotNull('locked_at')).toEqual([]);
      expect(await app.ledger('reset_outbox').whereNot('state', 'queued')).toEqual([]);
      expect(await app.ledger('reset_batches').pluck('state')).toEqual(['locking']);
      expect(await app.ledger('reset_audit').where({ result: 'users_locked' })).toEqual([]);
      expect(mailbox?.messages).toEqual([]);
    },
  );

  it('is not counted in the plan, and the plan counts what the run locks', async () => {
    const { app, addUser } = await start(await open());
    await addUser({ email: 'invited@example.com', password: null });
    await app.usersDb('users').insert({ email: 'blank@example.com', password_hash: '' });
    expect(await lock(app)).toEqual({ planned: 3, locked: 3 });
    const rows = (await app.ledger('reset_outbox').select('recipient', 'locked_at')) as Record<
      string,
      unknown
    >[];
    expect(
      rows
        .filter((row) => row['locked_at'] === null)
        .map((row) => row['recipient'])
        .sort(),
    ).toEqual(['blank@example.com', 'invited@example.com']);
  });

  if (dialect !== 'postgres') return;

  it('stops the run where row-level security allows no update, and a link says why it is refused', async () => {
    const database = await open();
    const role = `reset_rls_${randomBytes(4).toString('hex')}`;
    const site = await start(database);
    const { db } = database;
    await db.raw(`create role ${role} login`);
    try {
      await db.raw(`grant all on all tables in schema public to ${role}`);
      await db.raw(`grant all on all sequences in schema public to ${role}`);
      await db.raw('alter table users enable row level security');
      await db.raw('create policy look on users for select using (true)');
      await db.raw('create policy touch on users for update using (false)');
      const url = new URL(database.url);
      url.username = role;
      if (database.ledgerUrl !== database.url) keepApart(url.href, database.ledgerUrl);
      const limited = await createTestApp({ database: url.href });
      apps.push(limited);
      const before = await site.dump('users');
      await expect(lock(limited.app)).rejects.toThrow(/3 of 3 passwords kept.*row-level security/);
      const identifier = { email: 'susan@example.com' };
      const { token } = await issueLink(limited.app, { identifier, actor: limited.app.operator });
      const password = 'seven green apples on a roof';
      const use = applyToken(limited.app, { token, password, actor: limited.app.operator });
      await expect(use).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringMatching(/did not write the password.*row-level security/),
      });
      expect(await site.dump('users')).toBe(before);
      expect(await database.ledger('reset_outbox').whereNotNull('locked_at')).toEqual([]);
    } finally {
      for (const each of apps.splice(0)) await each.close();
      await db.raw(`drop owned by ${role}`);
      await db.raw(`drop role ${role}`);
    }
  });
});
