import { expect, it } from 'vitest';
import { cancelBatch } from '../../src/batches/change-batch.ts';
import { nextToLock } from '../../src/batches/lock-rows.ts';
import { readLedger } from '../../src/batches/read-ledger.ts';
import { excludeUsers } from '../../src/batches/skip-rows.ts';
import type { Db } from '../../src/db/connect.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { claim } from '../../src/outbox/claim.ts';
import { eachDatabase } from '../helpers/databases.ts';

const ROWS = 200;
const BATCH = 'abcdef012345';
const actor = { actor_kind: 'cli', actor_name: 'me' };

/** A batch as it is a moment after it was planned: without statistics, the planner does not know that it may be a million rows. */
async function plan(db: Db): Promise<number[]> {
  await migrateUp(db);
  const batch = { id: BATCH, digest: 'x', state: 'running', selection: 'all users', created_at: 0 };
  await db('reset_batches').insert({ ...batch, ...actor, expires_in_s: 60 });
  const rows = Array.from({ length: ROWS }, (_, index) => ({
    request_id: String(index),
    batch_id: BATCH,
    kind: 'reset',
    user_id: String(index),
    state: 'queued',
    position: index,
    due_at: 0,
    ...actor,
    expires_in_s: 60,
    created_at: 0,
  }));
  await db.batchInsert('reset_outbox', rows, 100);
  return (await db('reset_outbox').select('id')).map(({ id }: { id: number }) => id);
}

interface Query {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

/** How SQLite finds the rows of the outbox, for every query that `work` makes. */
async function plansOf(db: Db, work: () => Promise<unknown>): Promise<string[]> {
  const queries: Query[] = [];
  const note = (query: Query) => queries.push(query);
  db.on('query', note);
  await work();
  db.off('query', note);
  const plans: string[] = [];
  for (const { sql, bindings } of queries.filter((query) => query.sql.includes('reset_outbox'))) {
    const steps = (await db.raw(`explain query plan ${sql}`, [...bindings] as string[])) as {
      detail: string;
    }[];
    plans.push(steps.map(({ detail }) => detail).join('; '));
  }
  return plans;
}

// Only SQLite explains its plan in words, and only SQLite plans without looking at the table.
eachDatabase(
  'a batch of very many',
  (open) => {
    it('is worked through by the ids at hand, not by all of its rows', async () => {
      const { db } = await open();
      const ids = await plan(db);
      const users = ids.map(String);
      const options = { worker: 'me', now: Date.now(), host: 'example.com' };
      const [claiming] = await plansOf(db, () => claim(db, ids.slice(0, 100), options));
      expect(claiming).toMatch(/^SEARCH reset_outbox USING INTEGER PRIMARY KEY/);
      const [locking] = await plansOf(db, () => nextToLock(db, { id: BATCH, createdAt: 0 }, 50, 100));
      expect(locking).toMatch(/^SEARCH reset_outbox USING INTEGER PRIMARY KEY/);
      const [, reading] = await plansOf(db, () => readLedger(db, { batchId: BATCH, now: 0 }).next());
      expect(reading).toMatch(/^SEARCH o USING INTEGER PRIMARY KEY/);
      const [excluding] = await plansOf(db, () => excludeUsers(db, BATCH, users.slice(100), 0));
      expect(excluding).toMatch(/^SEARCH reset_outbox USING INDEX reset_outbox_user/);
      const [, cancelling] = await plansOf(db, () => cancelBatch(db, BATCH, 0));
      expect(cancelling).toMatch(/^SEARCH reset_outbox USING INTEGER PRIMARY KEY/);
    });
  },
  ['sqlite'],
);
