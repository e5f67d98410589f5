import { spawnSync } from 'node:child_process';
import { bin } from './measure.js';
import { withDatabase } from './own-database.js';
import { openPlayground } from './playground.js';

/** Users, and how many of them the minutes of an operator allow a second. LOCK_USERS makes it smaller for a try. */
const USERS = Number(process.env.LOCK_USERS ?? 1_000_000);
const LEAST = 1_000_000 / (15 * 60);
const HASH = '$2b$12$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK';

const row = (kind, table, more) => ({ kind, table, where: { user_id: '{id}' }, ...more });
const access = [
  row('session', 'user_sessions', { reset: 'steps' }),
  row('api-token', 'user_tokens'),
  row('totp', 'user_devices'),
];

export const title = 'users locked a second with sessions and tokens ended, to a million in 15 minutes';
export const limit = { least: 1 };

/** On PostgreSQL: the whole `send --all --lock`, with its plan. */
export async function measure() {
  const url = process.env.TEST_PG_URL;
  if (url === undefined) return undefined;
  return withDatabase(url, async (database) => {
    const playground = await openPlayground({ database, users: { access } });
    try {
      await fill(playground.app.usersDb);
      return await lock(playground);
    } finally {
      await playground.close();
    }
  });
}

/** Two sessions and a token each, and a device for every tenth. */
async function fill(db) {
  const everybody = 'select i from generate_series(1, ?) as n(i)';
  await db.raw(
    `insert into users (email, password_hash) select 'user' || i || '@d' || (i % 1000) || '.example.com', '${HASH}' from (${everybody}) as n`,
    [USERS],
  );
  for (const { table } of access) {
    await db.schema.createTable(table, (columns) => {
      columns.bigIncrements('id');
      columns.bigInteger('user_id').notNullable().index();
      columns.string('secret', 64);
    });
    const owners = table === 'user_devices' ? 'where i % 10 = 0' : '';
    const times = table === 'user_sessions' ? 2 : 1;
    for (let time = 0; time < times; time += 1)
      await db.raw(
        `insert into ${table} (user_id, secret) select i, md5(cast(i as text)) from (${everybody}) as n ${owners}`,
        [USERS],
      );
  }
  await db.raw('vacuum analyze');
}

async function lock({ app, folder }) {
  const send = ['send', '--all', '--lock', '--mail', 'none', '--yes', '--expect', String(USERS)];
  const begun = performance.now();
  const { status, stderr } = spawnSync(
    '/usr/bin/time',
    ['-f', 'cpu %U+%S s, %M kB', process.execPath, bin, ...send],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  );
  const seconds = (performance.now() - begun) / 1000;
  if (status !== 0) throw new Error(stderr);
  const db = app.usersDb;
  const left = async (table) => Number((await db(table).count({ count: '*' }))[0].count);
  const kept = Number((await db('users').where({ password_hash: HASH }).count({ count: '*' }))[0].count);
  const counts = [kept, await left('user_sessions'), await left('user_tokens'), await left('user_devices')];
  if (counts.join() !== [0, 0, 0, Math.floor(USERS / 10)].join()) throw new Error(`left: ${counts.join()}`);
  console.log(`  ${USERS} users in ${seconds.toFixed(1)} s; ${stderr.trim().split('\n').slice(-1)[0]}`);
  return USERS / seconds / LEAST;
}
