import type { Knex } from 'knex';

/** Rows deleted in one statement, so that a table in use is locked only briefly. */
const STEP = 1000;

export interface CleanedUp {
  readonly mails: number;
  readonly tokens: number;
  readonly batches: number;
}

/**
 * Remove what was settled before `before` (milliseconds since the epoch): mails, the tokens of links that can't be
 * used any more, and empty batches. Mails of a batch that has not ended stay; the plan of a process that died long
 * ago goes. Whatever shows who has a new password stays: each user's last used link, their lock, and the audit.
 */
export async function cleanUp(db: Knex, before: number): Promise<CleanedUp> {
  await dropDeadPlans(db, before);
  const open = db('reset_batches')
    .select('id')
    .whereIn('state', ['planning', 'locking', 'running', 'paused']);
  const mails = await inSteps(db, 'reset_outbox', 'id', (query) =>
    query
      .whereIn('state', ['sent', 'failed', 'skipped', 'unknown', 'bounced'])
      .andWhere('settled_at', '<', before)
      .andWhere((or) => void or.whereNull('batch_id').orWhereNotIn('batch_id', open.clone())),
  );
  const tokens = await inSteps(db, 'reset_tokens', 'jti', (query) =>
    query
      .where('exp', '<', Math.floor(before / 1000))
      // The last link that somebody used shows since when they have a new password, so it is kept.
      .andWhere((or) => void or.whereNot({ state: 'used' }).orWhereExists(laterUse(db))),
  );
  const rows = db('reset_outbox').select(db.raw('1')).whereRaw('reset_outbox.batch_id = reset_batches.id');
  const batches = await db('reset_batches')
    .whereIn('state', ['done', 'incomplete', 'cancelled'])
    .andWhere('created_at', '<', before)
    .whereNotExists(rows)
    .delete();
  return { mails, tokens, batches };
}

const laterUse = (db: Knex): Knex.QueryBuilder =>
  db('reset_tokens as later')
    .select(db.raw('1'))
    .whereRaw('later.user_id = reset_tokens.user_id')
    .andWhere('later.state', 'used')
    .whereRaw('later.settled_at > reset_tokens.settled_at');

/** A process that was killed while it planned, and a selection that was never given again. */
async function dropDeadPlans(db: Knex, before: number): Promise<void> {
  const isDead = (query: Knex.QueryBuilder) =>
    query.where({ state: 'planning' }).andWhere('planned_until', '<', before);
  const plans = (await isDead(db('reset_batches').select('id'))) as { id: string }[];
  for (const { id } of plans) {
    await inSteps(db, 'reset_outbox', 'id', (query) => query.where({ batch_id: id }));
    await isDead(db('reset_batches')).andWhere({ id }).delete();
  }
}

async function inSteps(
  db: Knex,
  table: string,
  key: string,
  narrow: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
): Promise<number> {
  let last: string | number | undefined;
  for (let total = 0; ;) {
    const query = narrow(db(table).select({ key })).orderBy(key).limit(STEP);
    if (last !== undefined) void query.andWhere(key, '>', last); // what stays is not checked again
    const rows = (await query) as { key: string | number }[];
    last = rows.at(-1)?.key;
    if (rows.length === 0) return total;
    total += await db(table)
      .whereIn(
        key,
        rows.map((row) => row.key),
      )
      .delete();
  }
}
