import { expect } from 'vitest';
import type { Db } from '../../src/db/connect.ts';
import { migrateUp } from '../../src/db/migrate.ts';

const MIGRATIONS = ['0017_outcomes.js', '0018_reminded.js'];
const COLUMNS = ['link_exp', 'link_ended', 'changed_at', 'first_id'] as const;

/** The tables as an older release left them, and then as the migrations fill them. */
export async function migrateOutcomes(db: Db): Promise<void> {
  await db.schema.alterTable('reset_outbox', (table) => {
    table.dropIndex([], 'reset_outbox_batch');
    table.index(['batch_id', 'state', 'due_at', 'position', 'id'], 'reset_outbox_due');
  });
  await db.schema.alterTable('reset_outbox', (table) => table.dropColumns(...COLUMNS));
  await db('reset_migrations').whereIn('name', MIGRATIONS).delete();
  await migrateUp(db);
}

/**
 * The rows of batches say what the migrations would find: of links by a look at every one, and of reminders by their
 * people.
 */
export async function assertAsMigrated(db: Db): Promise<void> {
  const kept = await readRows(db);
  await migrateOutcomes(db);
  expect(await readRows(db)).toEqual(kept);
}

/** In the order in which they were planned, without what nobody counts. */
const readRows = async (db: Db): Promise<Row[]> =>
  (
    (await db('reset_outbox')
      .select('id', 'state', ...COLUMNS)
      .whereNotNull('batch_id')
      .orderBy('id')) as Row[]
  ).map((row) => ({
    ...row,
    link_ended: row.changed_at === null ? row.link_ended : null,
    first_id: row.state === 'skipped' ? null : row.first_id,
  }));

type Row = Record<'id' | 'state' | (typeof COLUMNS)[number], unknown>;
