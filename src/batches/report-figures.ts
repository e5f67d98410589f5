import type { Knex } from 'knex';
import { unindexed } from '../db/unindexed.ts';
import { CHANGED, type Outcome } from './count-outcomes.ts';
import { rankOf, RANKS, rankSql, reminded, type OutcomeScope } from './outcome-rank.ts';
import { rowRange, type RowRange } from './row-range.ts';

/** What happened in one stretch of time, which begins at `at` (milliseconds since the epoch). */
export interface TimeSlot {
  readonly at: number;
  /** mails that the server accepted */
  readonly sent: number;
  /** mails that failed or bounced, or whose last answer was lost */
  readonly failed: number;
  /** people who set a new password with a link */
  readonly changed: number;
}

type Figure = Exclude<keyof TimeSlot, 'at'>;

const FIGURES: Readonly<Record<string, Figure>> = {
  sent: 'sent',
  failed: 'failed',
  unknown: 'failed',
  bounced: 'failed',
};

/** Stretches of `stepMs` in which something happened, the oldest first. */
export async function readTimeline(db: Knex, scope: OutcomeScope, stepMs: number): Promise<TimeSlot[]> {
  const range = await rowRange(db, scope.batchId);
  const mails: readonly SlotRow[] = await inOrder(db, scope.batchId, range)
    .select({ at: slotOf(db, 'settled_at', stepMs) }, 'state')
    .count<SlotRow[]>({ count: '*' })
    .whereIn('state', Object.keys(FIGURES))
    .whereNotNull('settled_at')
    .groupBy('state', slotOf(db, 'settled_at', stepMs));
  const changes = (await db('reset_outbox')
    .select({ at: slotOf(db, 'changed_at', stepMs) })
    .count({ count: '*' })
    .where({ batch_id: scope.batchId })
    .whereRaw(CHANGED)
    .groupBy(slotOf(db, 'changed_at', stepMs))) as SlotRow[];
  const slots = new Map<number, Record<keyof TimeSlot, number>>();
  for (const { at, state, count } of [...mails, ...changes]) {
    const slot = slots.get(Number(at)) ?? { at: Number(at), sent: 0, failed: 0, changed: 0 };
    slot[FIGURES[state ?? ''] ?? 'changed'] += Number(count);
    slots.set(slot.at, slot);
  }
  return [...slots.values()].sort((one, other) => one.at - other.at);
}

/**
 * The rows of a batch as they lie, for what reads most of them: by an index that says less, each would be looked up for
 * itself.
 */
const inOrder = (db: Knex, batchId: string, { before, last }: RowRange, table = 'o'): Knex.QueryBuilder =>
  db({ [table]: 'reset_outbox' })
    .where(unindexed(db, `${table}.batch_id`), '=', batchId)
    .andWhere(`${table}.id`, '>', before)
    .andWhere(`${table}.id`, '<=', last);

interface SlotRow {
  readonly at: number | string;
  readonly state?: string;
  readonly count: number | string;
}

const slotOf = (db: Knex, column: string, stepMs: number): Knex.Raw =>
  db.raw(`?? - ?? % ${Math.round(stepMs)}`, [column, column]);

/** A mail that did not arrive as far as we know. */
export interface FailedMail {
  readonly domain: string | null;
  readonly recipient: string | null;
  readonly reason: string | null;
  /** what the server said */
  readonly reply: string | null;
}

const PAGE = 1000;

/** The mails that failed or bounced, or whose last answer was lost, a page at a time: any number of them. */
export async function* readFailures(db: Knex, batchId: string): AsyncGenerator<FailedMail> {
  for (let after = 0; ;) {
    const rows = (await db('reset_outbox')
      .select('id', 'domain', 'recipient', 'reason', 'reply')
      .where(unindexed(db, 'batch_id'), '=', batchId)
      .whereIn('state', ['failed', 'unknown', 'bounced'])
      .andWhere('id', '>', after)
      .orderBy('id')
      .limit(PAGE)) as (FailedMail & { readonly id: number })[];
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}

/** The mails of a batch to one domain. */
export interface DomainFigures {
  /** null: there was no address */
  readonly domain: string | null;
  readonly failed: number;
  /** to this domain in all, without those that were skipped */
  readonly mails: number;
}

/** Domains with failed mails, those with most of them first, and how many more such domains there are. */
export async function failuresByDomain(
  db: Knex,
  batchId: string,
  limit: number,
): Promise<{ readonly rows: readonly DomainFigures[]; readonly more: number }> {
  const failed = db.raw(`count(case when state in ('failed', 'unknown', 'bounced') then 1 end)`);
  const range = await rowRange(db, batchId);
  const rows = (await inOrder(db, batchId, range)
    .whereNot({ state: 'skipped' })
    .select('domain', { failed, domains: db.raw('count(*) over ()') })
    .count({ mails: '*' })
    .groupBy('domain')
    .havingRaw('? > 0', [failed])
    .orderBy('failed', 'desc')
    .orderBy('domain')
    .limit(limit)) as {
    domain: string | null;
    failed: number | string;
    mails: number | string;
    domains: number | string;
  }[];
  return {
    rows: rows.map(({ domain, failed: some, mails }) => ({
      domain,
      failed: Number(some),
      mails: Number(mails),
    })),
    more: Number(rows[0]?.domains ?? 0) - rows.length,
  };
}

/** Somebody who has no new password yet. Instants in milliseconds since the epoch. */
export interface Unchanged {
  readonly userId: string;
  readonly recipient: string | null;
  readonly outcome: Exclude<Outcome, 'changed'>;
  readonly reason: string | null;
  readonly settledAt: number | null;
  readonly expiresAt: number | null;
}

/** In the order in which somebody has to do something about them. */
const URGENT = ['failed', 'skipped', 'expired', 'revoked', 'waiting', 'open'] as const;

/** Who has no new password, those first who can't get one by themselves, and how many there are in all. */
export async function readUnchanged(
  db: Knex,
  scope: OutcomeScope,
  limit: number,
): Promise<{ readonly rows: readonly Unchanged[]; readonly total: number }> {
  const range = await rowRange(db, scope.batchId);
  const counted = (await unchanged(db, scope, range).count({ count: '*' }).first()) as {
    count: number | string;
  };
  const urgent = URGENT.map((each, place) => `when ${rankOf(each)} then ${place}`).join(' ');
  const rows = (await db(withReminders(db, scope, range).as('people'))
    .orderByRaw(`case mail_rank ${urgent} end, id`)
    .limit(limit)) as UnchangedRow[];
  return { rows: rows.map(toUnchanged), total: Number(counted.count) };
}

/** Who was skipped and keeps the password need not do anything. */
const unchanged = (db: Knex, { batchId }: OutcomeScope, range: RowRange): Knex.QueryBuilder =>
  inOrder(db, batchId, range, 'p')
    .whereNull('p.changed_at')
    .andWhere((or) => void or.whereNot('p.state', 'skipped').orWhereNotNull('p.locked_at'));

/** A person's best mail, with the last end of a link and of a mail. */
function withReminders(db: Knex, scope: OutcomeScope, range: RowRange): Knex.QueryBuilder {
  const query = unchanged(db, scope, range).select('p.id', 'p.user_id', 'p.recipient', 'p.reason');
  const rank = rankSql(db, 'p', scope.now);
  if (!scope.reminderIds?.length)
    return query.select({ exp: 'p.link_exp', settled_at: 'p.settled_at', mail_rank: rank });
  const later = (own: string, other: string) =>
    db.raw('case when ?? is null or ?? > ?? then ?? else ?? end', [other, own, other, own, other]);
  return query
    .leftJoin(reminded(db, scope).as('r'), (on) => {
      on.on('r.first_id', 'p.id').andOn(db.raw(`p.state <> 'skipped'`) as never);
    })
    .select({
      exp: later('p.link_exp', 'r.exp'),
      settled_at: later('p.settled_at', 'r.settled_at'),
      mail_rank: db.raw('case when r.mail_rank < ? then r.mail_rank else ? end', [rank, rank]),
    });
}

interface UnchangedRow extends Pick<Unchanged, 'recipient' | 'reason'> {
  readonly user_id: string;
  readonly mail_rank: number | string;
  readonly settled_at: number | string | null;
  readonly exp: number | string | null;
}

const toUnchanged = ({
  user_id,
  recipient,
  reason,
  settled_at,
  exp,
  mail_rank,
}: UnchangedRow): Unchanged => ({
  userId: user_id,
  recipient,
  reason,
  outcome: RANKS[Number(mail_rank)] ?? 'failed',
  settledAt: settled_at === null ? null : Number(settled_at),
  expiresAt: exp === null ? null : Number(exp) * 1000,
});

/** The passwords that a batch locked. */
export interface LockFigures {
  readonly count: number;
  /** milliseconds since the epoch; null: none was locked */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}

export async function countLocked(db: Knex, batchId: string): Promise<LockFigures> {
  const range = await rowRange(db, batchId);
  const row = (await inOrder(db, batchId, range)
    .whereNotNull('locked_at')
    .count({ count: '*' })
    .min({ first: 'locked_at' })
    .max({ last: 'locked_at' })
    .first()) as Record<'count' | 'first' | 'last', number | string | null>;
  const toInstant = (at: number | string | null) => (at === null ? null : Number(at));
  return { count: Number(row.count), firstAt: toInstant(row.first), lastAt: toInstant(row.last) };
}

/** Why recipients were skipped: reason → how many. */
export async function skipReasons(db: Knex, batchId: string): Promise<Record<string, number>> {
  const rows: readonly { reason: string | null; count: number | string }[] = await db('reset_outbox')
    .select('reason')
    .count({ count: '*' })
    .where({ batch_id: batchId, state: 'skipped' })
    .groupBy('reason');
  return Object.fromEntries(rows.map(({ reason, count }) => [reason ?? 'unknown', Number(count)]));
}
