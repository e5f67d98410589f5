import { expect, it } from 'vitest';
import { describeTable, listTables } from '../../../src/db/introspect.ts';
import { assertMigrated, migrateUp } from '../../../src/db/migrate.ts';
import { DATA_TABLES } from '../../../src/flows/setup/own-tables.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { Died, makeMove, readColumns, withoutValues } from './move-scene.ts';

const MISSING = Object.fromEntries(DATA_TABLES.map((table) => [table, undefined]));

eachDatabase('moving our own tables', (open) => {
  const makePair = async (options?: Parameters<typeof makeMove>[2]) => {
    const [from, to] = [await open(), await open()];
    return { from, to, ...(await makeMove(from, to, options)) };
  };

  it('knows every table that the migrations make', async () => {
    const { db } = await open();
    await migrateUp(db);
    const made = (await listTables(db)).filter((name) => !name.startsWith('reset_migrations'));
    expect(made).toEqual([...DATA_TABLES].sort());
  });

  it('leaves every row in the new database and no table in the old one', async () => {
    const { from, to, move, read } = await makePair({ rows: 1003 });
    const before = await read(from.db);
    const { moved } = await move();
    expect(new Set(Object.values(moved))).toEqual(new Set([1003]));
    expect(await read(to.db)).toEqual(before);
    expect(await listTables(from.db)).toEqual([]);
    await expect(assertMigrated(to.db)).resolves.toBeUndefined();
    expect(await listTables(to.db)).not.toContain('reset_move');
    // The counters of the ids go on.
    const newest = { at: 1, event: 'next', result: 'ok', actor_kind: 'operator', actor_name: 'x' };
    await to.db('reset_audit').insert(newest);
    expect(await to.db('reset_audit').where({ event: 'next' }).pluck('id')).toEqual([1004]);
  });

  it('brings every column of every table as it was, and the shape of the tables with them', async () => {
    const [{ db: made }, { from, to, move }] = [await open(), await makePair()];
    await migrateUp(made);
    const before = await readColumns(from.db);
    expect([...before.keys()]).toEqual([...(await readColumns(made)).keys()]);
    expect(withoutValues(before)).toEqual([]);
    await move();
    expect(await readColumns(to.db)).toEqual(before);
    for (const table of DATA_TABLES)
      expect(await describeTable(to.db, table)).toEqual(await describeTable(made, table));
  });

  it('goes on after it has died at any step, and then all is as if it had not', async () => {
    const { from, to, move, read } = await makePair();
    const before = await read(from.db);
    const died: string[] = [];
    const refusals: string[] = [];
    for (let isOver = false; !isOver;) {
      isOver = await move((step) => !died.includes(step)).then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof Died)) throw error;
          died.push(error.message);
          return false;
        },
      );
      const refused = await assertMigrated(to.db).catch((error: unknown) => String(error));
      if (refused !== undefined) refusals.push(refused);
    }
    // Until all is there, no other command uses the new tables.
    expect(refusals.filter((text) => text.includes('migrate --move-from URL'))).toHaveLength(died.length - 2);
    expect(died).toEqual([
      'looked at the old tables',
      'wrote the journal',
      'closed the ledger',
      'made the new tables',
      'began',
      ...DATA_TABLES.map((table) => `copied ${table}`),
      'compared',
      ...DATA_TABLES.map((table) => `dropped ${table}`),
      'dropped reset_migrations',
      'dropped reset_migrations_lock',
      'dropped everything',
      'removed the journal',
    ]);
    expect(await read(to.db)).toEqual(before);
    expect(await read(from.db)).toEqual(MISSING);
    await expect(assertMigrated(to.db)).resolves.toBeUndefined();
  });

  it('copies again what has changed since it was copied', async () => {
    const { from, to, move, read } = await makePair();
    await expect(move((step) => step === 'copied reset_rate')).rejects.toThrow(Died);
    await from.db('reset_audit').where({ id: 2 }).delete();
    await from.db('reset_tokens').where({ id: 1 }).update({ state: 'used' });
    await from.db('reset_throttle').insert({ key: 'later', points: 1 });
    const before = await read(from.db);
    await move();
    expect(await read(to.db)).toEqual(before);
  });

  it('refuses while somebody sends, a batch runs or smoke has begun, and names them', async () => {
    const { from, to, move, read } = await makePair();
    const before = await read(from.db);
    const refusals: [() => Promise<unknown>, RegExp, () => Promise<unknown>][] = [
      [
        () =>
          from
            .db('reset_outbox')
            .where({ id: 1 })
            .update({ state: 'claimed', claimed_by: 'host:7:ab', claimed_until: Date.now() + 20_000 }),
        /host:7:ab is sending mails from .*Stop workers and listeners/,
        () =>
          from
            .db('reset_outbox')
            .where({ id: 1 })
            .update({ state: 'claimed', claimed_until: Date.now() - 1 }),
      ],
      [
        () => from.db('reset_batches').limit(1).update({ state: 'running' }),
        /batch .* is running.*reset batch pause/s,
        () => from.db('reset_batches').update({ state: 'paused' }),
      ],
      [
        () => from.db('reset_batches').update({ state: 'planning', planned_until: Date.now() + 20_000 }),
        /batch .* is being planned/s,
        () => from.db('reset_batches').update({ planned_until: 1 }),
      ],
      [
        () => from.db('reset_smoke').update({ created_at: Date.now() - 1000 }),
        /reset smoke began less than ten minutes ago/,
        () => from.db('reset_smoke').update({ created_at: 1 }),
      ],
    ];
    for (const [begin, words, end] of refusals) {
      await begin();
      await expect(move()).rejects.toMatchObject({
        code: 'usage_invalid',
        message: expect.stringMatching(words) as string,
        details: { reason: 'in_use' },
      });
      await end();
    }
    expect(await listTables(to.db)).toEqual([]);
    expect(Object.keys(await read(from.db))).toEqual(Object.keys(before));
    await expect(move()).resolves.toMatchObject({ moved: { reset_outbox: 3 } });
  });

  it('into the database of the users, nothing moves that only two databases can finish', async () => {
    const { from, to, move, read } = await makePair({ isApart: false });
    const before = await read(from.db);
    const refusal = {
      code: 'usage_invalid',
      message: expect.stringMatching(/3 changes of users are under way in .+reset worker --once$/) as string,
      details: { reason: 'in_use', intents: 3 },
    };
    await expect(move()).rejects.toMatchObject(refusal);
    expect(await listTables(to.db)).toEqual([]);
    const intents = (await from.db('reset_intents')) as object[];
    await from.db('reset_intents').delete();
    // Somebody begins one after the first look.
    await expect(
      move(async (step) => {
        if (step === 'began') await from.db('reset_intents').insert(intents);
        return false;
      }),
    ).rejects.toMatchObject(refusal);
    expect(await read(from.db)).toEqual(before);
    await from.db('reset_intents').delete();
    await expect(move()).resolves.toMatchObject({ moved: { reset_intents: 0, reset_audit: 3 } });
  });

  it('refuses a ledger that has been used, and leaves it usable', async () => {
    const { from, to, move, read } = await makePair();
    await migrateUp(to.db);
    await to.db('reset_rate').insert({ key: 'mine', next_at: 1 });
    await expect(move()).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringMatching(/has been used already \(1 row in reset_rate\)/) as string,
    });
    await expect(assertMigrated(to.db)).resolves.toBeUndefined();
    expect(await to.db('reset_rate').pluck('key')).toEqual(['mine']);
    expect((await read(from.db))['reset_audit']).toHaveLength(3);
  });

  it('refuses one database under two names, and one without our tables', async () => {
    const [one, none] = [await open(), await open()];
    const { move, read } = await makeMove(one, one);
    await expect(move()).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining('are one database') as string,
    });
    await expect(assertMigrated(one.db)).resolves.toBeUndefined();
    expect((await read(one.db))['reset_audit']).toHaveLength(3);
    const { move: moveNothing } = await makeMove(none, one);
    for (const table of await listTables(none.db)) await none.db.schema.dropTable(table);
    await expect(moveNothing()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('There are no reset tables in') as string,
    });
  });
});
