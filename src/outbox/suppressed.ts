import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { unindexed } from '../db/unindexed.ts';
import { foldEmail, sameEmail } from '../values/email.ts';
import { storable } from '../values/printable.ts';

/** An address to which a mail came back for good. Instants in milliseconds since the epoch. */
export interface Suppressed {
  readonly address: string;
  readonly userId: string;
  readonly requestId: string;
  readonly batchId: string | null;
  /** RFC 3463, such as 5.1.1 */
  readonly status: string | null;
  /** what the server said */
  readonly reply: string | null;
  /** who reported it: dsn, ses, sendgrid, postmark, mailgun */
  readonly source: string;
  readonly bouncedAt: number;
}

const columns = {
  address: 'address',
  userId: 'user_id',
  requestId: 'request_id',
  batchId: 'batch_id',
  status: 'status',
  reply: 'reply',
  source: 'source',
  bouncedAt: 'bounced_at',
} as const;

type Row = Omit<Suppressed, 'bouncedAt'> & { readonly folded: string; readonly bouncedAt: number | string };

/** MySQL and PostgreSQL give large numbers as text. */
const toSuppressed = ({
  address,
  userId,
  requestId,
  batchId,
  status,
  reply,
  source,
  bouncedAt,
}: Row): Suppressed => ({
  ...{ address, userId, requestId, batchId, status, reply, source },
  bouncedAt: Number(bouncedAt),
});

/** A database may take two addresses for one; this never does (R67). */
const fold = (address: string): string => createHash('sha256').update(foldEmail(address)).digest('hex');

/** From now on this address gets no mails of batches. */
export async function suppress(trx: Knex, one: Suppressed): Promise<void> {
  await trx('reset_suppressed')
    .insert({
      folded: fold(one.address),
      address: one.address.toLowerCase(),
      user_id: one.userId,
      request_id: one.requestId,
      batch_id: one.batchId,
      status: one.status,
      reply: one.reply === null ? null : storable(one.reply, 2000),
      source: one.source,
      bounced_at: one.bouncedAt,
    })
    .onConflict('folded')
    .merge();
}

/** It gets mails again. False: it was not suppressed. */
export const liftSuppression = async (db: Knex, address: string): Promise<boolean> =>
  (await db('reset_suppressed')
    .where({ folded: fold(address) })
    .delete()) > 0;

const STEP = 500;

/** Which of these addresses are suppressed, each as it is written here. */
export async function findSuppressed(
  db: Knex,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Suppressed>> {
  const byFold = new Map<string, Suppressed>();
  const folds = new Map(addresses.map((address) => [address, fold(address)]));
  const wanted = [...new Set(folds.values())];
  for (let from = 0; from < wanted.length; from += STEP) {
    const rows = (await db('reset_suppressed')
      .select({ ...columns, folded: 'folded' })
      .whereIn('folded', wanted.slice(from, from + STEP))) as Row[];
    for (const row of rows) byFold.set(row.folded, toSuppressed(row));
  }
  const found = new Map<string, Suppressed>();
  for (const [address, folded] of folds) {
    const row = byFold.get(folded);
    if (row) found.set(address, row);
  }
  return found;
}

/** Every suppressed address, a page at a time. */
export async function* listSuppressed(db: Knex): AsyncGenerator<Suppressed> {
  for (let after = ''; ;) {
    const rows = (await db('reset_suppressed')
      .select({ ...columns, folded: 'folded' })
      .where('folded', '>', after)
      .orderBy('folded')
      .limit(STEP)) as Row[];
    for (const row of rows) yield toSuppressed(row);
    const last = rows.at(-1);
    if (!last || rows.length < STEP) return;
    after = last.folded;
  }
}

/**
 * Planned mails to suppressed addresses are skipped, with what the server said. The database finds them; what it takes
 * for the same and is not stays. An address that it misses (another form of its domain) is found at its claim.
 */
export async function skipSuppressed(trx: Knex, batchId: string, now: number): Promise<void> {
  if (!(await trx('reset_suppressed').first('folded'))) return;
  for (let after = 0; ;) {
    const rows = (await trx('reset_outbox as o')
      .join('reset_suppressed as s', 's.address', trx.raw('lower(??)', ['o.recipient']))
      .select({ id: 'o.id', recipient: 'o.recipient', address: 's.address', reply: 's.reply' })
      .where('o.state', 'queued')
      .andWhere(unindexed(trx, 'o.batch_id'), '=', batchId)
      .andWhere('o.id', '>', after)
      .orderBy('o.id')
      .limit(STEP)) as { id: number; recipient: string; address: string; reply: string | null }[];
    for (const { id, recipient, address, reply } of rows) {
      if (!sameEmail(recipient, address)) continue;
      await trx('reset_outbox')
        .where({ id })
        .update({ state: 'skipped', reason: 'suppressed', reply, settled_at: now });
    }
    const last = rows.at(-1);
    if (!last || rows.length < STEP) return;
    after = last.id;
  }
}
