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
  const { batchId, reminderIds = [] } = scope;
  const own = outcomesOfRows(db, scope, [batchId]);
  if (reminderIds.length === 0) return own;
  const reminders = db(outcomesOfRows(db, scope, reminderIds).as('r'))
    .select('user_id', db.raw(`min(${rankOf('outcome')}) as place`))
    .max({ last_exp: 'exp', last_settled: 'settled_at' })
    .where('user_id', '<>', '')
    .groupBy('user_id');
  const best = RANKS.map((outcome, rank) => `when least_rank = ${rank} then '${outcome}'`).join(' ');
  const ranked = db(own.as('o'))
    .leftJoin(reminders.as('r'), 'r.user_id', 'o.user_id')
    .select(OWN.map((column) => `o.${column}`))
    .select({
      exp: laterOf(db, 'exp', 'last_exp'),
      settled_at: laterOf(db, 'settled_at', 'last_settled'),
      // who was never to get a mail got no reminder either, but may stand in two lines of a file
      least_rank: db.raw(
        `case when o.outcome <> 'skipped' and r.place < ${rankOf('o.outcome')} then r.place else ${rankOf('o.outcome')} end`,
      ),
    });
  return db(ranked.as('best'))
    .select(...OWN, 'exp', 'settled_at')
    .select({ outcome: db.raw(`case ${best} end`) });
}

/** What a reminder changes nothing about. */
const OWN = ['row_id', 'user_id', 'domain', 'locale', 'recipient', 'state', 'reason', 'locked_at', 'used_at'];

const laterOf = (db: Knex, own: string, reminder: string): Knex.Raw =>
  db.raw('case when ?? > coalesce(??, 0) then ?? else ?? end', [
    `r.${reminder}`,
    `o.${own}`,
    `r.${reminder}`,
    `o.${own}`,
  ]);

/** The better one first: of two links, an open one counts. */
const RANKS = ['changed', 'open', 'waiting', 'expired', 'revoked', 'failed', 'skipped'] as const;

const rankOf = (column: string): string =>
  `(case ${column} ${RANKS.map((outcome, rank) => `when '${outcome}' then ${rank}`).join(' ')} end)`;

/** A row for each mail of these batches. */
function outcomesOfRows(
  db: Knex,
  { since, now }: OutcomeScope,
  batchIds: readonly string[],
): Knex.QueryBuilder {
  return db('reset_outbox as o')
    .leftJoin('reset_tokens as t', 't.request_id', 'o.request_id')
    .leftJoin(usedSince(db, since).as('used'), 'used.user_id', 'o.user_id')
    .whereIn('o.batch_id', [...batchIds])
    .select({
      user_id: 'o.user_id',
      domain: 'o.domain',
      locale: 'o.locale',
      row_id: 'o.id',
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
          when o.state = 'failed' or t.state is null then 'failed'
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
