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

/** A row for each person: domain, locale, outcome. */
function outcomesOf(db: Knex, { batchId, since, now }: OutcomeScope): Knex.QueryBuilder {
  return db('reset_outbox as o')
    .leftJoin('reset_tokens as t', 't.request_id', 'o.request_id')
    .leftJoin(usedSince(db, since).as('used'), 'used.user_id', 'o.user_id')
    .where('o.batch_id', batchId)
    .select({
      domain: 'o.domain',
      locale: 'o.locale',
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
