import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { connect, type Db } from '../../../src/db/connect.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { goodPassword, makeSetup, succeed, susan } from '../../helpers/run-reset.ts';
import { startApply, untilWaiting } from '../../helpers/start-apply.ts';

const processes = 32;
const levels = ['read committed', 'repeatable read'] as const;

/** The database's URL for somebody whose transactions all begin at this isolation level. */
async function urlAt({ db, url, dialect }: TestDatabase, level: (typeof levels)[number]): Promise<string> {
  const target = new URL(url);
  if (dialect === 'postgres') {
    await db.raw(
      `alter database ${target.pathname.slice(1)} set default_transaction_isolation to '${level}'`,
    );
    return url;
  }
  // MariaDB has no such setting for one database: a user's connections set it as they begin.
  target.username = `reset_${level.replace(' ', '_')}_${randomBytes(3).toString('hex')}`;
  const account = `'${target.username}'@'%'`;
  const [[{ name, before }]] = (await db.raw(
    `select variable_name as name, @@global.init_connect as \`before\` from information_schema.system_variables
      where variable_name in ('tx_isolation', 'transaction_isolation') limit 1`,
  )) as [[{ name: string; before: string }]];
  await db.raw(`create user ${account}`);
  await db.raw(`grant all on ${target.pathname.slice(1)}.* to ${account}`);
  await db.raw('set global init_connect = ?', [
    `set session ${name} = if(user() like 'reset\\_read\\_committed%', 'READ-COMMITTED', if(user() like 'reset\\_repeatable\\_read%', 'REPEATABLE-READ', @@session.${name}))`,
  ]);
  onTestFinished(async () => {
    const owner = await connect(url.replace(/\/[^/]+$/, '/mysql'));
    await owner.raw('set global init_connect = ?', [before]);
    await owner.raw(`drop user ${account}`).finally(() => owner.destroy());
  });
  return target.href;
}

async function levelOf(db: Db, dialect: string): Promise<string> {
  const [rows] =
    dialect === 'postgres'
      ? [((await db.raw('show default_transaction_isolation')) as { rows: object[] }).rows]
      : ((await db.raw(`show session variables like 't%\\_isolation'`)) as [object[]]);
  return String(Object.values(rows[0] ?? {}).at(-1))
    .toLowerCase()
    .replace('-', ' ');
}

/** Connections to this database, as the server counts them. */
async function countConnections(db: Db, dialect: string): Promise<number> {
  const [first] =
    dialect === 'postgres'
      ? (
          (await db.raw(`select count(*)::int as n from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`)) as { rows: { n: number }[] }
        ).rows
      : (
          (await db.raw(`select count(*) as n from information_schema.processlist
            where db = database() and id <> connection_id()`)) as [{ n: number }[]]
        )[0];
  return Number(first?.n);
}

eachDatabase(
  'one token in many processes on a server',
  (open, dialect) => {
    it.each(levels)(
      'R22: %s: lets exactly one of 32 succeed, all started before the first password is given',
      async (level) => {
        const database = await open();
        const setup = await makeSetup({ database: await urlAt(database, level) });
        const db = await setup.open();
        expect(await levelOf(db, dialect)).toBe(level);
        const file = join(setup.folder, 'token');
        await writeFile(file, await setup.issue(), { mode: 0o600 });
        const others = await countConnections(database.db, dialect);

        const all = Array.from({ length: processes }, () => startApply(setup, file));
        const wanted = others + processes;
        while ((await countConnections(database.db, dialect)) < wanted) await sleep(200);
        await Promise.all(all.map(({ pid }) => untilWaiting(pid, () => true)));
        all.forEach(({ give }, index) => give(`${goodPassword} ${index}`));
        const ends = await Promise.all(all.map(({ ended }) => ended));

        expect(ends.filter(({ code }) => code === 0)).toHaveLength(1);
        expect(ends.filter(({ code, error }) => code === 7 && error === 'token_used')).toHaveLength(31);
        const winner = ends.findIndex(({ code }) => code === 0);
        const check = ['doctor', '--user', susan.email, '--password-stdin'];
        await succeed(setup.run(check, { input: `${goodPassword} ${winner}` }));
        expect(await db('reset_audit').where({ event: 'password_changed' })).toHaveLength(1);
        expect(readdirSync(setup.mailbox)).toHaveLength(1);
      },
      240_000,
    );
  },
  ['postgres', 'mysql'],
);
