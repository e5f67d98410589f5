import { chmodSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { connect, type Db } from '../../../src/db/connect.ts';
import { migrateUp } from '../../../src/db/migrate.ts';
import type { Finding } from '../../../src/flows/checks/check-setup.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { makeSetup, type Setup } from '../../helpers/run-reset.ts';
import { bad, examine } from './broken-setups.ts';

eachDatabase('the doctor with a ledger apart', (open, dialect) => {
  const opened: Db[] = [];
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.destroy();
  });

  /** Susan in the application's database, which has no tables of ours. */
  async function start(): Promise<{ setup: Setup; users: Db; ledger: Db; url: string }> {
    const [setup, ledger] = [await makeSetup(), await open()];
    await setup.configure({ ledger: ledger.url });
    const users = await connect(setup.database);
    opened.push(users);
    for (const table of (
      await users('sqlite_master').where({ type: 'table' }).pluck<string[]>('name')
    ).filter((name) => name.startsWith('reset_')))
      await users.schema.dropTable(table);
    await migrateUp(ledger.db);
    return { setup, users, ledger: ledger.db, url: ledger.url };
  }
  const codes = (findings: readonly Finding[]) => findings.map(({ check, code }) => [check, code]);

  it('looks at both, and finds nothing wrong where nothing is', async () => {
    const { setup, users } = await start();
    await users.schema.createTable('alembic_version', (table) => void table.string('version_num'));
    const { findings } = await examine(setup.folder);
    expect(bad(findings).filter(({ code }) => code !== 'database_administrator')).toEqual([]);
    expect(codes(findings)).toEqual(
      expect.arrayContaining([
        ['database', 'database_answers'],
        ['clock', 'clock_agrees'],
        ['ledger', 'database_answers'],
        ['ledger', 'clock_agrees'],
        ...(dialect === 'sqlite' ? [] : [['ledger', 'rights_complete']]),
        ['tables', 'tables_current'],
      ]),
    );
  });

  it('says how to bring tables along that still stand in the other database', async () => {
    const { setup, users, ledger } = await start();
    await migrateUp(users);
    const leftBehind = async () =>
      (await examine(setup.folder)).findings.find(({ code }) => code === 'tables_left_behind');
    expect(await leftBehind()).toMatchObject({
      status: 'warning',
      remedy: 'reset migrate --move-from database',
    });
    const event = { at: 1, event: 'used', result: 'ok', actor_kind: 'operator', actor_name: 'x' };
    await ledger('reset_audit').insert(event);
    expect((await leftBehind())?.remedy).toMatch(
      /^if nobody needs .*: drop table reset_.*reset_migrations_lock;$/,
    );
  });

  it('names a ledger that is not migrated, and still looks at the users when it is away', async () => {
    const { setup, ledger } = await start();
    await ledger('reset_migrations').where('name', '>', '0008').delete();
    expect(codes(bad((await examine(setup.folder)).findings))).toContainEqual(['tables', 'tables_old']);
    await setup.configure({ ledger: 'postgres://nobody@127.0.0.1:1/none' });
    const { findings } = await examine(setup.folder);
    expect(codes(bad(findings))).toEqual([['ledger', 'ledger_unusable']]);
    expect(codes(findings)).toContainEqual(['users table', 'users_found']);
  });

  it.runIf(dialect === 'sqlite')('names a file that others can read, and closes it', async () => {
    const { setup, url } = await start();
    chmodSync(url.slice('sqlite:'.length), 0o644);
    const { findings, open: openApp } = await examine(setup.folder);
    const [found] = bad(findings);
    expect(found).toMatchObject({
      check: 'ledger',
      code: 'ledger_exposed',
      remedy: expect.stringMatching(/^chmod 600 /) as string,
    });
    await found?.fix?.run(openApp);
    expect(bad((await examine(setup.folder)).findings)).toEqual([]);
  });
});
