import type { Knex } from 'knex';

/** Rows deleted in one statement, so that a table in use is locked only briefly. */
const STEP = 1000;

/** Remove audit rows from before `before` (milliseconds since the epoch), oldest first. Gives their number. */
export async function removeOldAudit(db: Knex, before: number): Promise<number> {
  for (let total = 0; ;) {
    const query = db('reset_audit').select('id').where('at', '<', before).orderBy('id').limit(STEP);
    const rows = (await query) as { id: number }[];
    if (rows.length === 0) return total;
    total += await db('reset_audit')
      .whereIn(
        'id',
        rows.map(({ id }) => id),
      )
      .delete();
  }
}
