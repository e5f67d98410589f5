import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';
import { suspectAddress } from '../db/suspect-address.ts';
import { unindexed } from '../db/unindexed.ts';
import { isEmail } from '../values/email.ts';
import { storable } from '../values/printable.ts';
import type { Batch } from './batch.ts';

/** A line of the input that leads to no mail, with what the ledger can say about it. */
export interface SkippedLine {
  /** as it was written */
  readonly email?: string | undefined;
  /** as it was written, or of the user that the line names */
  readonly id?: string | undefined;
  /** the line's number in its file */
  readonly line?: number | undefined;
  /**
   * the id beside the address, which is somebody else's: kept as text, so that nothing mistakes it for the
   * recipient's
   */
  readonly contradictedBy?: string | undefined;
  readonly reason: 'user_not_found' | 'ambiguous' | 'duplicate' | 'line_mismatch' | 'user_gone';
}

/** Rows for lines without a user, and for users named twice. `now` in milliseconds. */
export async function addSkipped(
  trx: Knex,
  batch: Batch,
  lines: readonly SkippedLine[],
  now: number,
): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map(({ email, id, line, contradictedBy, reason }) => ({
    request_id: randomBytes(16).toString('hex'),
    batch_id: batch.id,
    kind: 'reset',
    user_id: storable(id ?? '', 255),
    recipient: email === undefined ? null : storable(email, 254),
    state: 'skipped',
    reason,
    // its place in the file; of those who get a mail, their turn
    position: line ?? 0,
    reply: contradictedBy === undefined ? null : `id ${storable(contradictedBy, 255)}`,
    due_at: now,
    actor_kind: batch.actorKind,
    actor_name: batch.actorName,
    ticket: batch.ticket,
    expires_in_s: batch.expiresInS,
    created_at: now,
    settled_at: now,
  }));
  await trx.batchInsert('reset_outbox', rows, 500);
}

/** Which of these users are already in the batch. */
export async function findPlanned(
  trx: Knex,
  batchId: string,
  userIds: readonly string[],
): Promise<Set<string>> {
  const rows = (await trx('reset_outbox')
    .select('user_id')
    .whereIn('user_id', [...userIds])
    .andWhere(unindexed(trx, 'batch_id'), '=', batchId)) as { user_id: string }[];
  return new Set(rows.map((row) => row.user_id));
}

/** Leave these users out. Returns how many were in. */
export function excludeUsers(
  trx: Knex,
  batchId: string,
  userIds: readonly string[],
  now: number,
): Promise<number> {
  return trx('reset_outbox')
    .whereIn('user_id', [...userIds])
    .andWhere(unindexed(trx, 'batch_id'), '=', batchId)
    .update({ state: 'skipped', reason: 'excluded', settled_at: now });
}

/** Rows changed in one statement. */
const STEP = 1000;

/**
 * Users whose stored value is not one plain address, such as one followed by a line end or an invisible letter: no
 * mail could be sent to them. Uses the same check as delivery, so that the plan's number is the run's.
 */
export async function skipUnwritable(trx: Knex, batchId: string, now: number): Promise<void> {
  for (let after = 0; ;) {
    const rows = (await trx('reset_outbox')
      .select('id', 'recipient')
      .where({ state: 'queued' })
      .andWhere(unindexed(trx, 'batch_id'), '=', batchId)
      .andWhere('id', '>', after)
      .andWhere(suspectAddress(trx, 'recipient'))
      .orderBy('id')
      .limit(STEP)) as { id: number; recipient: string | null }[];
    const ids = rows.flatMap(({ id, recipient }) => (isEmail(recipient ?? '') ? [] : [id]));
    await skipRows(trx, ids, 'no_address', now);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/**
 * Two users with one address: each would get a mail about an account that the reader can't distinguish from the
 * other. They are reported, not merged, and can be mailed one by one with --id.
 */
export async function skipSharedAddresses(trx: Knex, batchId: string, now: number): Promise<void> {
  const folded = dialectOf(trx) === 'mysql' ? 'lower(recipient) collate utf8mb4_bin' : 'lower(recipient)';
  const counted = trx('reset_outbox')
    .select('id', trx.raw(`count(*) over (partition by ${folded}) as sharers`))
    .where({ batch_id: batchId, state: 'queued' });
  // Read first, and joined with nothing: the planner knows nothing yet about rows that were inserted a moment ago.
  // With one UPDATE, PostgreSQL had not finished 200,000 of them in eight minutes.
  const shared = (await trx.select('id').from(counted.as('counted')).where('sharers', '>', 1)) as {
    id: number;
  }[];
  const ids = shared.map(({ id }) => id);
  await skipRows(trx, ids, 'ambiguous', now);
}

/** These rows lead to no mail, for this reason. */
export async function skipRows(db: Knex, ids: readonly number[], reason: string, now: number): Promise<void> {
  for (let from = 0; from < ids.length; from += STEP) {
    await db('reset_outbox')
      .whereIn('id', ids.slice(from, from + STEP))
      .update({ state: 'skipped', reason, settled_at: now });
  }
}
