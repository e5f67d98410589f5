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
  readonly name?: string | null;
  /** null: all rows of the batch, of which `rows` is the number */
  readonly outcome: Outcome | null;
  readonly people: number | string;
  readonly rows: number | string;
}

/** Everybody in a batch, counted in one statement. */
export async function countOutcomes(db: Knex, scope: OutcomeScope): Promise<Outcomes> {
  const unchanged = db(unchangedOf(db, scope).as('people'))
    .select('outcome')
    .count({ people: '*' })
    .sum({ rows: 'own_rows' })
    .groupBy('outcome');
  const all = ownRows(db, scope).select(db.raw('null, 0')).count({ rows: '*' });
  return toOutcomes((await db.unionAll([unchanged, all])) as CountRow[]);
}

/** The same by domain or language, the largest groups first. */
export async function groupOutcomes(
  db: Knex,
  scope: OutcomeScope,
  by: 'domain' | 'locale',
): Promise<OutcomeGroup[]> {
  const unchanged = db(unchangedOf(db, scope, [by]).as('people'))
    .select({ name: by }, 'outcome')
    .count({ people: '*' })
    .sum({ rows: 'own_rows' })
    .groupBy(by, 'outcome');
  const all = ownRows(db, scope).select(by, db.raw('null, 0')).count({ rows: '*' }).groupBy(by);
  const groups = new Map<string | null, CountRow[]>();
  for (const row of (await db.unionAll([unchanged, all])) as CountRow[]) {
    const name = row.name ?? null;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups]
    .map(([name, counts]) => ({ name, outcomes: toOutcomes(counts) }))
    .sort((one, other) => sum(other.outcomes) - sum(one.outcomes));
}

const ownRows = (db: Knex, { batchId }: OutcomeScope): Knex.QueryBuilder =>
  db('reset_outbox').where({ batch_id: batchId });

const sum = (outcomes: Outcomes): number => OUTCOMES.reduce((total, each) => total + outcomes[each], 0);

/** Whoever is not among the unchanged has changed. */
function toOutcomes(counts: readonly CountRow[]): Outcomes {
  const outcomes = { changed: 0, open: 0, expired: 0, revoked: 0, failed: 0, waiting: 0, skipped: 0 };
  for (const { outcome, people, rows } of counts) {
    outcomes.changed += outcome === null ? Number(rows) : -Number(rows);
    if (outcome !== null) outcomes[outcome] += Number(people);
  }
  return outcomes;
}

/** What a reminder changes nothing about. */
type OwnColumn = 'id' | 'domain' | 'locale' | 'recipient' | 'reason' | 'locked_at';

/** The better one first: of two links, an open one counts. */
const RANKS = ['open', 'waiting', 'expired', 'revoked', 'failed', 'skipped'] as const;
const rankOf = (outcome: (typeof RANKS)[number]): number => RANKS.indexOf(outcome);

/**
 * A row for each person without a new password: `user_id`, `outcome`, the end of the last link (`exp`) and mail
 * (`settled_at`), reminders included, `own_rows` of the batch itself, and these columns of them. Whoever has changed is
 * left out before anything is joined or grouped, because that is most of a large batch in the end.
 */
export function unchangedOf(
  db: Knex,
  scope: OutcomeScope,
  columns: readonly OwnColumn[] = [],
): Knex.QueryBuilder {
  const people = scope.reminderIds?.length ? bestMailsOf(db, scope, columns) : mailsOf(db, scope, columns);
  const byRank = RANKS.map((outcome, rank) => `when ${rank} then '${outcome}'`).join(' ');
  return db(people.as('p')).select(
    'user_id',
    'exp',
    'settled_at',
    'own_rows',
    ...columns,
    db.raw(`case mail_rank ${byRank} end as outcome`),
  );
}

/** The best of each person's mails. Grouped, for a join of one batch with another needs statistics of both. */
function bestMailsOf(db: Knex, scope: OutcomeScope, columns: readonly OwnColumn[]): Knex.QueryBuilder {
  const own = (column: string) => db.raw('max(case when own_rows = 1 then ?? end) as ??', [column, column]);
  return db(mailsOf(db, scope, columns).as('mails'))
    .select('user_id', ...columns.map((column) => own(column)))
    .max({ exp: 'exp', settled_at: 'settled_at' })
    .min({ mail_rank: 'mail_rank' })
    .sum({ own_rows: 'own_rows' })
    .groupBy('user_id', 'line')
    .havingRaw('sum(own_rows) > 0');
}

/**
 * A row for each mail to somebody without a new password, with what it alone says of the person (`mail_rank`). Who was
 * never to get a mail is a `line` alone, because a person may stand in two lines of a file.
 */
function mailsOf(
  db: Knex,
  { batchId, reminderIds = [], since, now }: OutcomeScope,
  columns: readonly OwnColumn[],
): Knex.QueryBuilder {
  return (
    db('reset_outbox as o')
      // A link that was used since is that of somebody who has changed: the smaller the table, the faster the join.
      .leftJoin('reset_tokens as t', (on) => {
        on.on('t.request_id', 'o.request_id');
        on.andOn(db.raw(`(t.state <> 'used' or t.settled_at < ?)`, [since]) as never);
      })
      .whereIn('o.batch_id', [batchId, ...reminderIds])
      .whereNotExists(changeOf(db, 'o', since))
      .select('o.user_id', 'o.settled_at', 't.exp', ...columns.map((name) => `o.${name}`))
      .select({
        line: db.raw(`case when o.state = 'skipped' or o.user_id = '' then o.id else 0 end`),
        own_rows: db.raw('case when o.batch_id = ? then 1 else 0 end', [batchId]),
        mail_rank: db.raw(
          `case when o.state = 'skipped' then ${rankOf('skipped')}
          when o.state in ('queued', 'claimed') then ${rankOf('waiting')}
          when o.state in ('failed', 'bounced') or t.state is null then ${rankOf('failed')}
          when t.state <> 'live' then ${rankOf('revoked')}
          when t.exp <= ? then ${rankOf('expired')}
          when o.state = 'unknown' then ${rankOf('failed')}
          else ${rankOf('open')} end`,
          [Math.floor(now / 1000)],
        ),
      })
  );
}

/**
 * The links with which the person of this row has set a new password since then: any of theirs. Who was skipped cannot
 * have changed anything unless locked.
 */
export const changeOf = (db: Knex, row: string, since: number): Knex.QueryBuilder =>
  db('reset_tokens as u')
    .where({ 'u.user_id': db.ref(`${row}.user_id`), 'u.state': 'used' })
    .andWhere('u.settled_at', '>=', since)
    .whereNot(`${row}.user_id`, '')
    .andWhere((or) => void or.whereNot(`${row}.state`, 'skipped').orWhereNotNull(`${row}.locked_at`))
    .select(db.raw('1'));

/** When each user last set a new password with a link. */
export const usedSince = (db: Knex, since: number): Knex.QueryBuilder =>
  db('reset_tokens')
    .where({ state: 'used' })
    .andWhere('settled_at', '>=', since)
    .groupBy('user_id')
    .select('user_id')
    .max({ at: 'settled_at' });
