import type { Knex } from 'knex';
import type { OutboxMessage } from './message.ts';
import { messageColumns } from './message.ts';
import type { Takes } from './route.ts';
import { onRoute, serverOf } from './route.ts';

/** A user's mails that are not settled yet, oldest first. */
export async function waitingMessages(db: Knex, userId: string): Promise<OutboxMessage[]> {
  return (await db('reset_outbox')
    .select(messageColumns)
    .where({ user_id: userId })
    .whereIn('state', ['queued', 'claimed'])
    .orderBy('id')) as OutboxMessage[];
}

/** A user's mails with links, settled or not, oldest first. */
export async function resetMails(db: Knex, userId: string): Promise<OutboxMessage[]> {
  return (await db('reset_outbox')
    .select(messageColumns)
    .where({ user_id: userId, kind: 'reset' })
    .orderBy('id')) as OutboxMessage[];
}

const pageSize = 500;

/** What waits, whenever it was queued, and what failed since `failedSince` (milliseconds), oldest first, in pages. */
export async function* readUnfinished(db: Knex, failedSince: number): AsyncGenerator<OutboxMessage> {
  let last = 0;
  for (;;) {
    const page = (await db('reset_outbox')
      .select(messageColumns)
      .where('id', '>', last)
      .andWhere((either) => {
        void either.whereIn('state', ['queued', 'claimed']).orWhere((failed) => {
          void failed
            .whereIn('state', ['failed', 'unknown', 'bounced'])
            .andWhere('settled_at', '>=', failedSince);
        });
      })
      .orderBy('id')
      .limit(pageSize)) as OutboxMessage[];
    yield* page;
    if (page.length < pageSize) return;
    last = page.at(-1)?.id ?? last;
  }
}

export interface OutboxHealth {
  /** since when the longest-waiting mail is overdue, in milliseconds; undefined: nothing is */
  readonly overdueSince: number | undefined;
  readonly waiting: number;
  /** mails of paused batches, by the batch's id */
  readonly paused: ReadonlyMap<string, number>;
  /** mails that wait for another mail server, by its name */
  readonly elsewhere: ReadonlyMap<string, number>;
  readonly failed: number;
}

export interface HealthOptions {
  readonly now: number;
  readonly failedSince: number;
  /** the routes of the mail server that is asked about */
  readonly takes: Takes;
}

/** Is anybody delivering? Mails of a batch count only while it runs: a paused one waits on purpose. */
export async function readOutboxHealth(
  db: Knex,
  { now, failedSince, takes }: HealthOptions,
): Promise<OutboxHealth> {
  const waiting = () =>
    db('reset_outbox')
      .whereIn('state', ['queued', 'claimed'])
      .andWhere((mine) => void onRoute(mine, takes).orWhereNotNull('batch_id'))
      .andWhere((either) => {
        void either
          .whereNull('batch_id')
          .orWhereIn('batch_id', db('reset_batches').select('id').where({ state: 'running' }));
      });
  const overdue = (await waiting().andWhere('due_at', '<=', now).min({ at: 'due_at' }).first()) as Minimum;
  const failed = db('reset_outbox')
    .whereIn('state', ['failed', 'unknown'])
    .andWhere('settled_at', '>=', failedSince);
  return {
    overdueSince: overdue?.at === null || overdue?.at === undefined ? undefined : Number(overdue.at),
    waiting: await count(waiting()),
    paused: await countPaused(db),
    elsewhere: await countElsewhere(db, takes),
    failed: await count(failed),
  };
}

async function countPaused(db: Knex): Promise<Map<string, number>> {
  const rows: readonly { readonly batch_id: string; readonly waiting: number | string }[] = await db(
    'reset_outbox',
  )
    .whereIn('state', ['queued', 'claimed'])
    .whereIn('batch_id', db('reset_batches').select('id').where({ state: 'paused' }))
    .groupBy('batch_id')
    .select('batch_id')
    .count({ waiting: '*' });
  return new Map(rows.map(({ batch_id, waiting }) => [batch_id, Number(waiting)]));
}

async function countElsewhere(db: Knex, takes: Takes): Promise<Map<string, number>> {
  const rows: readonly { readonly route: string; readonly count: number | string }[] = await db(
    'reset_outbox',
  )
    .select('route')
    .count({ count: '*' })
    .whereNull('batch_id')
    .whereIn('state', ['queued', 'claimed'])
    .andWhere('route', 'like', 'to:%')
    .whereNotIn(
      'route',
      takes.filter((name) => name !== null),
    )
    .groupBy('route');
  return new Map(rows.map((row) => [serverOf(row.route) ?? '', Number(row.count)]));
}

type Minimum = { readonly at: number | string | null } | undefined;

async function count(query: Knex.QueryBuilder): Promise<number> {
  const row = (await query.count({ count: '*' }).first()) as { count: number | string } | undefined;
  return Number(row?.count ?? 0);
}
