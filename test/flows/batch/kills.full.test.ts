import { expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { addressOf, makeBatchSite, type BatchSite, type Started } from '../../helpers/batch-site.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { startSink } from '../../helpers/sink.ts';

/** The full run: RESET_TEST_KILLS=full, with 20,000 users on PostgreSQL and SQLite and 5,000 on MariaDB. */
const isFull = process.env['RESET_TEST_KILLS'] === 'full';
const SIZES = isFull
  ? { postgres: 20_000, sqlite: 20_000, mysql: 5_000 }
  : { postgres: 2_000, sqlite: 500, mysql: 500 };
/** Mails that a worker may hold when it is killed. */
const IN_FLIGHT = 100;
const KILL_EVERY_MS = 1000;
const MOST_KILLS = isFull ? Number.POSITIVE_INFINITY : 8;

eachDatabase('R54: a batch whose workers are killed', (open, dialect) => {
  const users = SIZES[dialect];
  const workers = dialect === 'sqlite' ? 1 : 4;

  it(
    `reaches all of ${users} people, and repeats no more than what was in flight`,
    { timeout: isFull ? 1_800_000 : 300_000 },
    async () => {
      const { db, url } = await open();
      // slow enough that workers are killed in the middle
      const rate = isFull ? {} : { rate: `${users / 8}/s` };
      const sink = await startSink();
      const config = { mail: { url: sink.url, from: 'noreply@example.com', ...rate } };
      const site = await makeBatchSite({ db, url, mailUrl: sink.url, users, config });
      const sender = site.start(['send', '--all', '--yes', '--json']);
      await untilRunning(db);
      sender.kill('SIGKILL');
      await sender;
      const kills = 1 + (await killUntilDone(site, workers, async () => (await left(db)) === 0));
      expect((await site.run(['worker', '--once'])).code).toBe(0);

      const people = new Set(sink.mails.map(({ to }) => to));
      const repeats = sink.mails.length - users;
      console.info(`${dialect}: ${users} users, ${kills} kills, ${repeats} repeats`);
      expect(people.size).toBe(users);
      expect(people.has(addressOf(users))).toBe(true);
      expect(repeats).toBeLessThanOrEqual(kills * IN_FLIGHT);
      // a repeat carries the same Message-ID
      expect(new Set(sink.mails.map(({ messageId }) => messageId)).size).toBe(users);
      const [batch, ...others] = (await site.run(['batch', 'list', '--json'])).rows();
      expect(others).toEqual([]);
      expect(batch).toMatchObject({
        state: 'done',
        total: users,
        sent: users,
        failed: 0,
        unknown: 0,
        queued: 0,
      });
      const report = await site.run(['batch', 'report', String(batch?.['batch']), '--format', 'ndjson']);
      expect(new Set(report.rows().map(({ email }) => email))).toEqual(people);
      await site.remove();
      await sink.close();
    },
  );
});

async function untilRunning(db: Db): Promise<void> {
  while ((await db('reset_batches').where({ state: 'running' })).length === 0) await pause(50);
}

async function left(db: Db): Promise<number> {
  const [row] = await db('reset_outbox').whereIn('state', ['queued', 'claimed']).count({ n: '*' });
  return Number(row?.['n']);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function killUntilDone(
  site: BatchSite,
  count: number,
  isDone: () => Promise<boolean>,
): Promise<number> {
  let kills = 0;
  const start = (): Started => site.start(['worker', '--quiet']);
  const workers = Array.from({ length: count }, start);
  for (let round = 0; !(await isDone()); round += 1) {
    await pause(KILL_EVERY_MS);
    if (kills === MOST_KILLS) continue;
    const victim = round % count;
    workers[victim]?.kill('SIGKILL');
    await workers[victim];
    kills += 1;
    workers[victim] = start();
  }
  for (const worker of workers) worker.kill('SIGTERM');
  await Promise.all(workers);
  return kills;
}
