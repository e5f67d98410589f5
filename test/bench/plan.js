import { spawnSync } from 'node:child_process';
import { bin } from './measure.js';
import { withDatabase } from './own-database.js';
import { openPlayground } from './playground.js';

/** Users, and the seconds that planning a batch of all of them may take. */
const SQLITE = { users: 100_000, mostS: 10 };
const POSTGRES = { users: 1_000_000, mostS: 60 };
const DOMAINS = 1000;

const numbers = {
  sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select i from n',
  postgres: 'select i from generate_series(1, ?) as n(i)',
};

export const title = 'time to plan a batch of everybody, to the time it may take';
export const limit = { most: 1 };

/** The higher of the parts on SQLite and, where TEST_PG_URL is set, PostgreSQL. */
export async function measure() {
  const parts = [await plan('sqlite', SQLITE, {})];
  const url = process.env.TEST_PG_URL;
  if (url !== undefined) {
    parts.push(await withDatabase(url, (database) => plan('postgres', POSTGRES, { database })));
  }
  return Math.max(...parts);
}

/** A whole `send --all` that stops after one mail. */
async function plan(name, { users, mostS }, changes) {
  const playground = await openPlayground(changes);
  try {
    const { usersDb: db, ledger } = playground.app;
    const rows = `select 'user' || i || '@d' || (i % ${DOMAINS}) || '.example.com' from (${numbers[name]}) as numbers`;
    await db.raw(`insert into users (email) ${rows}`, [users]);
    const seconds = timeSend(playground.folder, users);
    const [{ count }] = await ledger('reset_outbox').count({ count: '*' });
    if (Number(count) !== users) throw new Error(`${count} of ${users} are in the ledger`);
    console.log(`  ${name}: ${users} users in ${seconds.toFixed(1)} s (at most ${mostS})`);
    return seconds / mostS;
  } finally {
    await playground.close();
  }
}

function timeSend(cwd, users) {
  const args = ['send', '--all', '--yes', '--canary', '1', '--expect', String(users), '--quiet'];
  const start = performance.now();
  const { stderr } = spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8' });
  if (stderr !== '') console.log(`  ${stderr.trim()}`);
  return (performance.now() - start) / 1000;
}
