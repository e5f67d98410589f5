import type { Knex } from 'knex';
import { undelivered } from './missed-rows.ts';
import { unindexed } from '../db/unindexed.ts';

/** As in reset_outbox. */
export type RecipientStatus = 'queued' | 'claimed' | 'sent' | 'failed' | 'skipped' | 'unknown' | 'bounced';

/** One recipient of a batch, as reports and `send` show it. Instants in milliseconds since the epoch. */
export interface LedgerRow {
  readonly rowId: number;
  /** of the user, or as a line said that named nobody; empty where there was an address only */
  readonly id: string;
  /** where the mail goes or went, or as a line said that named nobody */
  readonly email: string | null;
  readonly status: RecipientStatus;
  readonly reason: string | null;
  readonly reply: string | null;
  readonly attempts: number;
  readonly requestId: string;
  readonly messageId: string | null;
  readonly settledAt: number | null;
  readonly lockedAt: number | null;
  /** live, used, expired or revoked; null when no link was made, or its mail never left */
  readonly link: 'live' | 'used' | 'expired' | 'revoked' | null;
  /** when the person set a new password by a link, this one or another since the batch was planned */
  readonly usedAt: number | null;
  readonly expiresAt: number | null;
  /** which reminder this is to its person: 1, 2, …; null: a first mail */
  readonly reminder: number | null;
  /** of a line that leads to no mail: its number in the file */
  readonly position: number;
}

const PAGE = 1000;

export interface LedgerOptions {
  readonly batchId: string;
  /** only these */
  readonly statuses?: readonly string[] | undefined;
  /** only what was not delivered: failed, unknown, or skipped against the plan */
  readonly isUndelivered?: boolean;
  /** decides which links have expired; milliseconds since the epoch */
  readonly now: number;
}

/** A batch's recipients in the order in which they were planned, a page at a time: any number of them. */
export async function* readLedger(
  db: Knex,
  { batchId, statuses, isUndelivered = false, now }: LedgerOptions,
): AsyncGenerator<LedgerRow> {
  for (let after = (await firstRow(db, batchId)) - 1; ;) {
    const query = db('reset_outbox as o')
      .leftJoin('reset_tokens as t', 't.request_id', 'o.request_id')
      .select({
        rowId: 'o.id',
        id: 'o.user_id',
        email: 'o.recipient',
        status: 'o.state',
        reason: 'o.reason',
        reply: 'o.reply',
        attempts: 'o.attempts',
        requestId: 'o.request_id',
        messageId: 'o.message_id',
        settledAt: 'o.settled_at',
        lockedAt: 'o.locked_at',
        usedAt: 'o.changed_at',
        link: 't.state',
        exp: 't.exp',
        reminder: 'o.reminder',
        position: 'o.position',
      })
      .where(unindexed(db, 'o.batch_id'), '=', batchId)
      .andWhere('o.id', '>', after)
      .orderBy('o.id')
      .limit(PAGE);
    if (isUndelivered) void undelivered(query, 'o');
    if (statuses) void query.whereIn('o.state', [...statuses]);
    const rows = (await query) as Read[];
    for (const row of rows) yield toLedgerRow(row, now);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.rowId;
  }
}

type Read = Omit<LedgerRow, 'expiresAt'> & { readonly exp: number | string | null };

function toLedgerRow({ exp, link: state, ...row }: Read, now: number): LedgerRow {
  const expiresAt = exp === null ? null : Number(exp) * 1000;
  return {
    ...row,
    link: linkOf(row.status, state, expiresAt, now),
    expiresAt,
  };
}

/** A link whose mail failed or is still waiting has reached nobody, so it is not live. */
function linkOf(
  status: RecipientStatus,
  state: LedgerRow['link'],
  expiresAt: number | null,
  now: number,
): LedgerRow['link'] {
  if (state !== 'live') return state;
  if (status !== 'sent' && status !== 'unknown') return null;
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'live';
}

/** Where a batch begins: what was there before it need not be read. */
async function firstRow(db: Knex, batchId: string): Promise<number> {
  const row = (await db('reset_outbox').where({ batch_id: batchId }).min({ id: 'id' }).first()) as
    { id: number | string | null } | undefined;
  return Number(row?.id ?? 0);
}
