import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { bin } from './measure.js';
import { withDatabase } from './own-database.js';
import { openPlayground } from './playground.js';

/** BREACH_USERS=1500000 is the whole run, with 100 kills. */
const USERS = Number(process.env.BREACH_USERS ?? 150_000);
const KILLS = Number(process.env.BREACH_KILLS ?? Math.round(USERS / 15_000));
const MOST = { planS: (45 * USERS) / 1_500_000, rssMb: 150 };
const LEAST_LOCKED_A_SECOND = 25_000;
const SESSIONS_EACH = 2;
const HASH = '$2b$12$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK';

export const title = 'a breach on PostgreSQL: planned, locked with sessions ended, to what each may take';
export const limit = { most: 1 };

/** The worst part; undefined without TEST_PG_URL. */
export async function measure() {
  const url = process.env.TEST_PG_URL;
  if (url === undefined) return undefined;
  const quiet = await withDatabase(url, (database) => breach(database, lockOnce));
  const lost = await withDatabase(url, (database) => breach(database, lockUnderKills));
  return Math.max(quiet, lost);
}

const users = {
  onReset: [
    { delete: 'sessions', where: { user_id: '{id}' }, sessions: true },
    { set: { session_key: { random: 16 } } },
  ],
};

async function breach(database, run) {
  const playground = await openPlayground({ database, users });
  try {
    const { ledger: db } = playground.app;
    await fill(db);
    const worst = await run(playground.folder, db);
    await assertLocked(db);
    return worst;
  } finally {
    await playground.close();
  }
}

/** Everybody with two sessions, and a column in which a reset writes a new value for each. */
async function fill(db) {
  await db.schema.createTable('sessions', (table) => {
    table.bigIncrements('id');
    table.bigInteger('user_id').notNullable().index();
    table.text('data');
  });
  await db.schema.alterTable('users', (table) => table.string('session_key', 64));
  await db.raw(
    `insert into users (email, password_hash, session_key) select 'user' || i || '@d' || i % 1000 || '.example.com', '${HASH}', 'old' from generate_series(1, ${USERS}) as n(i)`,
  );
  await db.raw(
    `insert into sessions (user_id, data) select id, repeat('x', 100) from users, generate_series(1, ${SESSIONS_EACH})`,
  );
  await db.raw('vacuum analyze');
}

const start = (cwd) =>
  spawn(
    process.execPath,
    [bin, 'send', '--all', '--lock', '--yes', '--canary', '1', '--expect', String(USERS), '--quiet'],
    { cwd, stdio: ['ignore', 'ignore', 'inherit'] },
  );

async function lockOnce(cwd, db) {
  const startedAt = performance.now();
  const child = start(cwd);
  let rssMb = 0;
  const watch = setInterval(() => {
    rssMb = Math.max(rssMb, peakOf(child.pid));
  }, 200);
  const ended = endOf(child);
  await until(db, ended, (state) => state === 'locking' || isBegun(state));
  const planS = (performance.now() - startedAt) / 1000;
  await until(db, ended, isBegun);
  const lockS = (performance.now() - startedAt) / 1000 - planS;
  await ended;
  clearInterval(watch);
  const rate = USERS / lockS;
  console.log(`  ${USERS} people planned in ${planS.toFixed(1)} s (at most ${MOST.planS.toFixed(1)})`);
  console.log(`  locked: ${Math.round(rate)} a second (at least ${LEAST_LOCKED_A_SECOND})`);
  console.log(`  memory: ${Math.round(rssMb)} MB (at most ${MOST.rssMb})`);
  return Math.max(planS / MOST.planS, LEAST_LOCKED_A_SECOND / rate, rssMb / MOST.rssMb);
}

/** Killed again and again, wherever it is, and started again until it has ended. Nobody may be lost. */
async function lockUnderKills(cwd, db) {
  let kills = 0;
  for (;;) {
    const child = start(cwd);
    const ended = endOf(child);
    if (kills === KILLS) {
      await ended;
      break;
    }
    // long enough to get somewhere: the steps that were committed stay
    await Promise.race([sleep(500 + Math.random() * 2000), ended]);
    if (child.exitCode === 0) break;
    child.kill('SIGKILL');
    await ended;
    kills += 1;
    // the lease of the dead process
    await db('reset_batches').whereIn('state', ['planning', 'locking']).update({ planned_until: 0 });
  }
  console.log(`  ${kills} kills`);
  return 0;
}

async function assertLocked(db) {
  const facts = {
    rows: await count(db('reset_outbox')),
    users: await count(db('reset_outbox').whereNotNull('locked_at'), 'user_id'),
    open: await count(db('users').where({ password_hash: HASH }).orWhere({ session_key: 'old' })),
    alike: USERS - (await count(db('users'), 'session_key')),
    sessions: await count(db('sessions')),
    batches: await count(db('reset_batches')),
  };
  const wanted = { rows: USERS, users: USERS, open: 0, alike: 0, sessions: 0, batches: 1 };
  if (JSON.stringify(facts) !== JSON.stringify(wanted))
    throw new Error(`somebody was lost: ${JSON.stringify(facts)}`);
}

async function count(query, what = '*') {
  const [row] = await (what === '*' ? query.count({ count: what }) : query.countDistinct({ count: what }));
  return Number(row.count);
}

const isBegun = (state) => ['running', 'paused', 'done', 'incomplete'].includes(state);

const endOf = (child) => new Promise((resolve) => child.once('exit', resolve));

async function until(db, ended, isReached) {
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (;;) {
    const row = await db('reset_batches').select('state').first();
    if (isReached(row?.state)) return;
    if (isOver) throw new Error(`It ended with the batch ${row?.state}.`);
    await sleep(20);
  }
}

/** The most memory that a process has had, in megabytes. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has ended
  }
}
