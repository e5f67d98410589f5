import type { Db } from '../../src/db/connect.ts';
import { migrateUp } from '../../src/db/migrate.ts';

const MIGRATION = '0017_outcomes.js';
const COLUMNS = ['link_exp', 'link_ended', 'changed_at'] as const;

/** The tables as an older release left them, and then as the migration fills them. */
export async function migrateOutcomes(db: Db): Promise<void> {
  await db.schema.alterTable('reset_outbox', (table) => table.dropColumns(...COLUMNS));
  await db('reset_migrations').where({ name: MIGRATION }).delete();
  await migrateUp(db);
}

/** What the rows of batches say became of their people, in the order in which they were planned. */
export const readOutcomeRows = (db: Db): Promise<Record<string, unknown>[]> =>
  db('reset_outbox')
    .select('user_id', 'batch_id', 'state', ...COLUMNS)
    .whereNotNull('batch_id')
    .orderBy('id');
