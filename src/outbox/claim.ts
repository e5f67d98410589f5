import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';
import { linkEnd } from './link-end.ts';
import type { OutboxMessage } from './message.ts';
import { messageColumns } from './message.ts';
import type { Takes } from './route.ts';
import { onRoute } from './route.ts';

/** Renewed every 10 s while SMTP is pending: a worker that dies is replaced after 30 s, a slow one never is. */
export const LEASE_MS = 30_000;

/**
 * Which mails: those of one request, of one batch, or (null) those that belong to no batch; with `takes` only those on
 * these routes. A batch has a route of its own.
 */
export type Scope = ({ readonly requestId: string } | { readonly batchId: string | null }) & {
  readonly takes?: Takes;
};

export interface Candidate {
  readonly id: number;
  readonly domain: string | null;
  readonly timeZone: string | null;
}

export interface CandidateOptions {
  /** milliseconds since the epoch */
  readonly now: number;
  readonly limit: number;
  /** domains whose rate is used up for the moment */
  readonly withoutDomains?: readonly string[];
  /** true: only what was claimed before; false: only what was not */
  readonly isBegun?: boolean | undefined;
}

/**
 * Queued mails that are due, in the order that interleaves domains. PostgreSQL and MySQL lock them and skip what
 * others have locked, so that workers do not wait for one another; on SQLite the transaction is alone anyway.
 */
export async function findCandidates(
  trx: Knex,
  scope: Scope,
  { now, limit, withoutDomains = [], isBegun }: CandidateOptions,
): Promise<Candidate[]> {
  const query = within(trx('reset_outbox').select('id', 'domain', { timeZone: 'time_zone' }), scope)
    .andWhere({ state: 'queued' })
    .andWhere('due_at', '<=', now)
    .orderBy(['due_at', 'position', 'id'])
    .limit(limit);
  if (withoutDomains.length > 0)
    void query.andWhere((or) => void or.whereNull('domain').orWhereNotIn('domain', [...withoutDomains]));
  // The first claim stamps the Message-ID; attempts may be 0 again, given back or reset by a retry.
  if (isBegun !== undefined) void query[isBegun ? 'whereNotNull' : 'whereNull']('message_id');
  if (dialectOf(trx) !== 'sqlite') void query.forUpdate().skipLocked();
  return (await query) as Candidate[];
}

export interface ClaimOptions {
  /** who claims: unique per process */
  readonly worker: string;
  readonly now: number;
  /** host for Message-IDs */
  readonly host: string;
  /** routes of the mails and batches that this worker may send; all without it */
  readonly takes?: Takes;
}

/**
 * Take these candidates. The UPDATE repeats the whole condition, batch included, so that of any number of workers
 * one gets each row, and none of a batch that was paused meanwhile: with ids alone, eight processes delivered 1,000
 * messages 1,455 times on PostgreSQL. The Message-ID is stamped once and stays for every attempt.
 */
export async function claim(
  trx: Knex,
  ids: readonly number[],
  { worker, now, host, takes }: ClaimOptions,
): Promise<OutboxMessage[]> {
  if (ids.length === 0) return [];
  const until = now + LEASE_MS;
  const update = trx('reset_outbox')
    .whereIn('id', [...ids])
    .andWhere({ state: 'queued' })
    .andWhere('due_at', '<=', now)
    .andWhere((or) => {
      void or
        .where((single) => void onRoute(single.whereNull('batch_id'), takes))
        // Of this row, not a list of batches: SQLite would look through all that is queued instead of these ids,
        // 70 ms with a million of them.
        .orWhereExists(
          onRoute(
            trx('reset_batches')
              .select(trx.raw('1'))
              .whereRaw('reset_batches.id = reset_outbox.batch_id')
              .andWhere('reset_batches.state', 'running'),
            takes,
            'reset_batches.route',
          ),
        );
    })
    .update({
      state: 'claimed',
      claimed_by: worker,
      claimed_until: until,
      attempts: trx.raw('attempts + 1'),
      message_id: trx.raw('coalesce(message_id, ?)', [messageIdOf(trx, host)]),
    });
  const claimed = await takeRows(trx, update, () =>
    heldBy(trx, worker, ids).andWhere({ claimed_until: until }),
  );
  const place = new Map(ids.map((id, index) => [id, index]));
  return claimed.sort((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0));
}

/** The rows that an UPDATE met: MySQL does not say which, so that they are read after it. */
async function takeRows(
  trx: Knex,
  update: Knex.QueryBuilder,
  taken: () => Knex.QueryBuilder,
): Promise<OutboxMessage[]> {
  if (dialectOf(trx) !== 'mysql') {
    const columns = Object.entries(messageColumns).map(([name, column]) => `${column} as ${name}`);
    return update.returning<OutboxMessage[]>(columns);
  }
  await update;
  return taken().select<OutboxMessage[]>(messageColumns);
}

/** Those of these rows that this worker holds: another may have taken them over when the lease ran out. */
export const heldBy = (db: Knex, worker: string, ids: readonly number[]) =>
  db('reset_outbox')
    .whereIn('id', [...ids])
    .andWhere({ claimed_by: worker, state: 'claimed' });

/** `<request.row@host>`: the same for every attempt of a row, another for a resend. */
function messageIdOf(trx: Knex, host: string): Knex.Raw {
  return dialectOf(trx) === 'mysql'
    ? trx.raw("concat('<', request_id, '.', id, '@', ?, '>')", [host])
    : trx.raw("'<' || request_id || '.' || id || '@' || ? || '>'", [host]);
}

/**
 * What a worker held that has not renewed its lease is queued again, due at once. The ids are read first: an UPDATE
 * that looks for them would lock the rows that others hold.
 */
export async function requeueLapsed(db: Knex, scope: Scope, now: number): Promise<number> {
  const lapsed = (query: Knex.QueryBuilder) =>
    query.andWhere({ state: 'claimed' }).andWhere('claimed_until', '<=', now);
  const rows = (await lapsed(within(db('reset_outbox').select('id'), scope)).limit(1000)) as { id: number }[];
  if (rows.length === 0) return 0;
  return lapsed(
    db('reset_outbox').whereIn(
      'id',
      rows.map(({ id }) => id),
    ),
  ).update({ state: 'queued', due_at: now, claimed_by: null, claimed_until: null });
}

/** What dead workers held of a batch that was cancelled: nobody knows whether it went out. Gives how many. */
export const giveUpLapsed = (db: Knex, batchId: string, now: number): Promise<number> =>
  db('reset_outbox')
    .where({ batch_id: batchId, state: 'claimed' })
    .andWhere('claimed_until', '<=', now)
    .update({ state: 'unknown', reason: 'cancelled', settled_at: now, link_exp: linkEnd(db) });

/** A change of rows that a worker holds. */
type HoldersChange = (db: Knex, worker: string, ids: readonly number[], now: number) => Promise<void>;

/** Keep what this worker holds; call every 10 s. */
export const renewLeases: HoldersChange = async (db, worker, ids, now) => {
  if (ids.length === 0) return;
  await heldBy(db, worker, ids).update({ claimed_until: now + LEASE_MS });
};

/** Give back what was claimed and not begun, when a worker stops. The attempt does not count. */
export const releaseClaims: HoldersChange = async (db, worker, ids, now) => {
  if (ids.length === 0) return;
  await heldBy(db, worker, ids).update({
    state: 'queued',
    due_at: now,
    attempts: db.raw('attempts - 1'),
    claimed_by: null,
    claimed_until: null,
  });
};

/** Narrow a query to a scope. */
export function within(query: Knex.QueryBuilder, scope: Scope): Knex.QueryBuilder {
  if ('requestId' in scope) return onRoute(query.where({ request_id: scope.requestId }), scope.takes);
  if (scope.batchId !== null) return query.where({ batch_id: scope.batchId });
  return onRoute(query.whereNull('batch_id'), scope.takes);
}
