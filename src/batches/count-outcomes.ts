import type { Knex } from 'knex';

/**
 * The outcome for people, not for mails: `changed` has set a new password by a link (any link since the batch was
 * planned), `open` has a link that still works, `expired` had one, `revoked` lost it to an operator or a newer link,
 * `failed` got no mail, `waiting` is still to get one, `skipped` was never to get one (and was not locked either, or
 * has not come back).
 */
export type Outcome = (typeof OUTCOMES)[number];
export const OUTCOMES = ['changed', 'open', 'expired', 'revoked', 'failed', 'waiting', 'skipped'] as const;
export type Outcomes = Readonly<Record<Outcome, number>>;

/** Which batch, and by which clock; instants in milliseconds since the epoch. */
export interface OutcomeScope {
  readonly batchId: string;
  /** when the batch was planned: a link used before says nothing about it */
  readonly since: number;
  /** its reminders: of all its mails, the one that came furthest says what became of a person */
  readonly reminderIds?: readonly string[];
  readonly now: number;
}

/** The people of one domain or language. */
export interface OutcomeGroup {
  /** null: the person has no address, or no language */
  readonly name: string | null;
  readonly outcomes: Outcomes;
}

interface CountRow {
  readonly outcome: Outcome;
  readonly count: number | string;
}

/** Everybody in a batch, counted in one statement. */
export async function countOutcomes(db: Knex, scope: OutcomeScope): Promise<Outcomes> {
  const rows: readonly CountRow[] = await db(outcomesOf(db, scope).as('people'))
    .select('outcome')
    .count({ count: '*' })
    .groupBy('outcome');
  return toOutcomes(rows);
}

/** The same by domain or language, the largest groups first. */
export async function groupOutcomes(
  db: Knex,
  scope: OutcomeScope,
  by: 'domain' | 'locale',
): Promise<OutcomeGroup[]> {
  const rows: readonly (CountRow & { readonly name: string | null })[] = await db(
    outcomesOf(db, scope, [by]).as('people'),
  )
    .select({ name: by }, 'outcome')
    .count({ count: '*' })
    .groupBy(by, 'outcome');
  const groups = new Map<string | null, CountRow[]>();
  for (const row of rows) groups.set(row.name, [...(groups.get(row.name) ?? []), row]);
  return [...groups]
    .map(([name, counts]) => ({ name, outcomes: toOutcomes(counts) }))
    .sort((one, other) => sum(other.outcomes) - sum(one.outcomes));
}

const sum = (outcomes: Outcomes): number => OUTCOMES.reduce((total, each) => total + outcomes[each], 0);

function toOutcomes(rows: readonly CountRow[]): Outcomes {
  const counts = { changed: 0, open: 0, expired: 0, revoked: 0, failed: 0, waiting: 0, skipped: 0 };
  for (const { outcome, count } of rows) counts[outcome] += Number(count);
  return counts;
}

/** What a reminder changes nothing about. */
type OwnColumn = 'id' | 'domain' | 'locale' | 'recipient' | 'reason' | 'locked_at';

/** The better one first: of two links, an open one counts. */
const RANKS = ['changed', 'open', 'waiting', 'expired', 'revoked', 'failed', 'skipped'] as const;
const rankOf = (outcome: Outcome): number => RANKS.indexOf(outcome);

/**
 * A row for each person: `user_id`, `outcome`, when a link was used (`used_at`), the end of the last link (`exp`) and
 * mail (`settled_at`), reminders included, and these columns of the batch's own row. Links other than those of the mails
 * are looked up person by person, by an index: joined, MariaDB compares each person with each link.
 */
export function outcomesOf(
  db: Knex,
  scope: OutcomeScope,
  columns: readonly OwnColumn[] = [],
): Knex.QueryBuilder {
  const people = scope.reminderIds?.length ? bestMailsOf(db, scope, columns) : mailsOf(db, scope, columns);
  const used = db('reset_tokens as u')
    .where({ 'u.user_id': db.ref('p.user_id'), 'u.state': 'used' })
    .andWhere('u.settled_at', '>=', scope.since);
  const byRank = RANKS.map((outcome, rank) => `when ${rank} then '${outcome}'`).join(' ');
  return db(people.as('p')).select(
    'p.user_id',
    'p.exp',
    'p.settled_at',
    ...columns.map((name) => `p.${name}`),
    {
      used_at: used.clone().max('u.settled_at'),
      outcome: db.raw(
        `case when p.mail_rank <> ${rankOf('changed')} and p.can_change = 1 and exists ? then 'changed'
        else case p.mail_rank ${byRank} end end`,
        [used.clone().select(db.raw('1'))],
      ),
    },
  );
}

/** The best of each person's mails. Grouped, for a join of one batch with another needs statistics of both. */
function bestMailsOf(db: Knex, scope: OutcomeScope, columns: readonly OwnColumn[]): Knex.QueryBuilder {
  const own = (column: string) => db.raw('max(case when is_own = 1 then ?? end) as ??', [column, column]);
  return db(mailsOf(db, scope, columns).as('mails'))
    .select('user_id', ...columns.map((column) => own(column)))
    .max({ exp: 'exp', settled_at: 'settled_at', can_change: 'can_change' })
    .min({ mail_rank: 'mail_rank' })
    .groupBy('user_id', 'line')
    .havingRaw('max(is_own) = 1');
}

/**
 * A row for each mail, with what it alone says of the person (`mail_rank`). Who was never to get a mail is a `line`
 * alone, because a person may stand in two lines of a file, and cannot have changed anything unless locked
 * (`can_change`).
 */
function mailsOf(
  db: Knex,
  { batchId, reminderIds = [], since, now }: OutcomeScope,
  columns: readonly OwnColumn[],
): Knex.QueryBuilder {
  return db('reset_outbox as o')
    .leftJoin('reset_tokens as t', 't.request_id', 'o.request_id')
    .whereIn('o.batch_id', [batchId, ...reminderIds])
    .select('o.user_id', 'o.settled_at', 't.exp', ...columns.map((name) => `o.${name}`))
    .select({
      line: db.raw(`case when o.state = 'skipped' or o.user_id = '' then o.id else 0 end`),
      is_own: db.raw('case when o.batch_id = ? then 1 else 0 end', [batchId]),
      can_change: db.raw(
        `case when o.user_id = '' or (o.state = 'skipped' and o.locked_at is null) then 0 else 1 end`,
      ),
      mail_rank: db.raw(
        `case when o.state = 'skipped' then ${rankOf('skipped')}
          when t.state = 'used' and t.settled_at >= ? and o.user_id <> '' then ${rankOf('changed')}
          when o.state in ('queued', 'claimed') then ${rankOf('waiting')}
          when o.state in ('failed', 'bounced') or t.state is null then ${rankOf('failed')}
          when t.state <> 'live' then ${rankOf('revoked')}
          when t.exp <= ? then ${rankOf('expired')}
          when o.state = 'unknown' then ${rankOf('failed')}
          else ${rankOf('open')} end`,
        [since, Math.floor(now / 1000)],
      ),
    });
}

/** When each user last set a new password with a link. */
export const usedSince = (db: Knex, since: number): Knex.QueryBuilder =>
  db('reset_tokens')
    .where({ state: 'used' })
    .andWhere('settled_at', '>=', since)
    .groupBy('user_id')
    .select('user_id')
    .max({ at: 'settled_at' });
