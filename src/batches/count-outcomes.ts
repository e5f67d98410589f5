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
    outcomesOf(db, scope).as('people'),
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

/**
 * A row for each person: what the ledger says of them in this batch, with `outcome`, when a link was used (`used_at`),
 * and the end of the last link (`exp`) and mail (`settled_at`), reminders included.
 */
export function outcomesOf(db: Knex, scope: OutcomeScope): Knex.QueryBuilder {
  const { reminderIds = [] } = scope;
  if (reminderIds.length === 0) return outcomesOfMails(db, scope);
  // Grouped and not joined: without statistics of a new batch, PostgreSQL compares each row with each.
  const own = (column: string) => db.raw(`max(case when is_own = 1 then ${column} end)`);
  const best = RANKS.map((outcome, rank) => `when ${rank} then '${outcome}'`).join(' ');
  return db(outcomesOfMails(db, scope).as('mails'))
    .select(Object.fromEntries(OWN.map((column) => [column, own(column)])))
    .max({ exp: 'exp', settled_at: 'settled_at' })
    .select({ outcome: db.raw(`case min(${RANK}) ${best} end`) })
    .groupBy('person', 'line')
    .havingRaw('max(is_own) = 1');
}

/** What a reminder changes nothing about. */
const OWN = [
  'row_id',
  'user_id',
  'domain',
  'locale',
  'recipient',
  'state',
  'reason',
  'locked_at',
  'used_at',
] as const;

/** The better one first: of two links, an open one counts. */
const RANKS = ['changed', 'open', 'waiting', 'expired', 'revoked', 'failed', 'skipped'] as const;
const RANK = `case outcome ${RANKS.map((outcome, rank) => `when '${outcome}' then ${rank}`).join(' ')} end`;

/** Who was never to get a mail is a row alone: a person may stand in two lines of a file. */
const IS_ALONE = `o.state = 'skipped' or o.user_id = ''`;

/** A row for each mail: whose it is, whether it is the batch's own or a reminder's, domain, locale, outcome. */
function outcomesOfMails(
  db: Knex,
  { batchId, reminderIds = [], since, now }: OutcomeScope,
): Knex.QueryBuilder {
  return db('reset_outbox as o')
    .leftJoin('reset_tokens as t', 't.request_id', 'o.request_id')
    .leftJoin(usedSince(db, since).as('used'), 'used.user_id', 'o.user_id')
    .whereIn('o.batch_id', [batchId, ...reminderIds])
    .select({
      person: db.raw(`case when ${IS_ALONE} then '' else o.user_id end`),
      line: db.raw(`case when ${IS_ALONE} then o.id else 0 end`),
      is_own: db.raw('case when o.batch_id = ? then 1 else 0 end', [batchId]),
      domain: 'o.domain',
      locale: 'o.locale',
      row_id: 'o.id',
      user_id: 'o.user_id',
      recipient: 'o.recipient',
      state: 'o.state',
      reason: 'o.reason',
      settled_at: 'o.settled_at',
      locked_at: 'o.locked_at',
      exp: 't.exp',
      used_at: 'used.at',
      outcome: db.raw(
        `case when o.state = 'skipped' and o.locked_at is null then 'skipped'
          when used.at is not null and o.user_id <> '' then 'changed'
          when o.state = 'skipped' then 'skipped'
          when o.state in ('queued', 'claimed') then 'waiting'
          when o.state in ('failed', 'bounced') or t.state is null then 'failed'
          when t.state <> 'live' then 'revoked'
          when t.exp <= ? then 'expired'
          when o.state = 'unknown' then 'failed'
          else 'open' end`,
        [Math.floor(now / 1000)],
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
