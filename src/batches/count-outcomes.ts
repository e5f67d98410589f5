import type { Knex } from 'knex';
import { rankSql, RANKS, type OutcomeScope, type Rank } from './outcome-rank.ts';
import { sumRows, toCounts, type Counts, type CountSums } from './count-rows.ts';

/**
 * The outcome for people, not for mails: `changed` has set a new password by a link (any link since the batch was
 * planned), `open` has a link that still works, `expired` had one, `revoked` lost it to an operator or a newer link,
 * `failed` got no mail, `waiting` is still to get one, `skipped` was never to get one (and was not locked either, or
 * has not come back).
 */
export type Outcome = (typeof OUTCOMES)[number];
export const OUTCOMES = ['changed', 'open', 'expired', 'revoked', 'failed', 'waiting', 'skipped'] as const;
export type Outcomes = Readonly<Record<Outcome, number>>;

/** The people of one domain or language. */
export interface OutcomeGroup {
  /** null: the person has no address, or no language */
  readonly name: string | null;
  readonly outcomes: Outcomes;
}

/** The mails and the people of a batch, counted in one statement. */
export async function countBatch(
  db: Knex,
  scope: OutcomeScope,
): Promise<{ readonly counts: Counts; readonly outcomes: Outcomes }> {
  const { batchId, now } = scope;
  const own = sumRows(db, batchId, now, (isSkipped) => ({
    ...linkSums(db, isSkipped ? CHANGED : 'changed_at is not null', now),
    ...unmoved(db),
  }));
  const none = Object.fromEntries(
    ['state', 'reason', 'count', 'begun', 'due', 'later', 'later_at'].map((each) => [each, db.raw('null')]),
  );
  const rows = (await db.unionAll([...own, ...movedRows(db, scope, none)])) as (SumRow & CountSums)[];
  return { counts: toCounts(rows.filter((row) => !isMoved(row))), outcomes: toOutcomes(rows) };
}

/** The people alone by domain or language, the largest groups first. */
export async function groupOutcomes(
  db: Knex,
  scope: OutcomeScope,
  by: 'domain' | 'locale',
): Promise<OutcomeGroup[]> {
  const own = db('reset_outbox')
    .select({
      ...{ name: by, state: 'state', count: db.raw('count(*)') },
      ...linkSums(db, CHANGED, scope.now),
      ...unmoved(db),
    })
    .where({ batch_id: scope.batchId })
    .groupBy('state', by);
  const moved = movedRows(db, scope, { name: by, state: db.raw('null'), count: db.raw('null') }, [by]);
  const groups = new Map<string | null, SumRow[]>();
  for (const row of (await db.unionAll([own, ...moved])) as SumRow[]) {
    const name = row.name ?? null;
    const known = groups.get(name);
    if (known) known.push(row);
    else groups.set(name, [row]);
  }
  return [...groups]
    .map(([name, rows]) => ({ name, outcomes: toOutcomes(rows) }))
    .sort((one, other) => sum(other.outcomes) - sum(one.outcomes));
}

const sum = (outcomes: Outcomes): number => OUTCOMES.reduce((total, each) => total + outcomes[each], 0);

/** Rows of a batch in one state, or people for whom a reminder led to a better outcome. */
interface SumRow {
  readonly name?: string | null;
  readonly state: string;
  readonly count: number | string;
  readonly changed: number | string;
  readonly open: number | string;
  readonly expired: number | string;
  readonly revoked: number | string;
  /** ranks before and after; alike: rows of the batch itself */
  readonly own: number | string;
  readonly best: number | string;
}

const isMoved = ({ own, best }: SumRow): boolean => Number(best) < Number(own);
const unmoved = (db: Knex) => ({ own: db.raw('0'), best: db.raw('0') });

/** As the columns of `SumRow`, with `columns` before them. */
function movedRows(
  db: Knex,
  scope: OutcomeScope,
  columns: Readonly<Record<string, string | Knex.Raw>>,
  keys: readonly ('domain' | 'locale')[] = [],
): Knex.QueryBuilder[] {
  if (!scope.reminderIds?.length) return [];
  const none = Object.fromEntries(SUMS.map((each) => [each, db.raw('null')]));
  return [
    db(movedByReminders(db, scope, keys).as('m'))
      .select({ ...columns, count: db.raw('count(*)'), ...none, own: 'own', best: 'best' })
      .whereRaw('best < own')
      .groupBy('own', 'best', ...keys),
  ];
}

const SUMS = ['changed', 'open', 'expired', 'revoked'] as const;

/** Exclusive of each other; what a state alone decides is left to `toOutcomes`. */
function linkSums(db: Knex, changed: string, now: number): Record<(typeof SUMS)[number], Knex.Raw> {
  const seconds = Math.floor(now / 1000);
  const sumOf = (condition: string, bindings: readonly number[] = []) =>
    db.raw(`count(case when ${condition} then 1 end)`, [...bindings]);
  const live = 'changed_at is null and link_ended is null';
  return {
    changed: sumOf(changed),
    open: sumOf(`${live} and link_exp > ?`, [seconds]),
    expired: sumOf(`${live} and link_exp <= ?`, [seconds]),
    revoked: sumOf('changed_at is null and link_ended is not null and link_exp is not null'),
  };
}

/** Who was skipped cannot have changed anything unless locked. */
export const CHANGED = `changed_at is not null and (state <> 'skipped' or locked_at is not null)`;

/** Of people who got reminders: the rank of the batch's own mail, and that of the best reminder. */
function movedByReminders(
  db: Knex,
  { batchId, reminderIds = [], now }: OutcomeScope,
  columns: readonly ('domain' | 'locale')[],
): Knex.QueryBuilder {
  const [own, other] = [rankSql(db, 'p', now), rankSql(db, 'o', now)];
  const names = columns.map((name) => `p.${name}`);
  const mails = db('reset_outbox as o')
    .join('reset_outbox as p', 'p.id', 'o.first_id')
    .whereIn('o.batch_id', [...reminderIds])
    .whereNot('o.state', 'skipped')
    .where('p.batch_id', batchId)
    .whereNot('p.state', 'skipped')
    .whereNull('p.changed_at');
  // One reminder has one mail for each person: nothing to group.
  if (reminderIds.length === 1) return mails.select({ own, best: other }, ...names);
  return mails
    .groupBy('p.id', ...names)
    .select({ own: db.raw('min(?)', [own]), best: db.raw('min(?)', [other]) }, ...names);
}

function toOutcomes(rows: readonly SumRow[]): Outcomes {
  const outcomes = { changed: 0, open: 0, expired: 0, revoked: 0, failed: 0, waiting: 0, skipped: 0 };
  for (const row of rows) {
    const count = Number(row.count);
    if (!isMoved(row)) for (const [outcome, many] of outcomesOf(row)) outcomes[outcome] += many;
    else {
      outcomes[rankAt(row.own)] -= count;
      outcomes[rankAt(row.best)] += count;
    }
  }
  return outcomes;
}

const rankAt = (rank: number | string): Rank => RANKS[Number(rank)] ?? 'failed';

/** As `rankSql` says it of each row. */
function outcomesOf(row: SumRow): (readonly [Outcome, number])[] {
  const { state } = row;
  const [count, changed] = [Number(row.count), Number(row.changed)];
  const left = count - changed;
  const all = (outcome: Outcome) => [['changed', changed] as const, [outcome, left] as const];
  if (state === 'skipped') return all('skipped');
  if (state === 'queued' || state === 'claimed') return all('waiting');
  if (state === 'failed' || state === 'bounced') return all('failed');
  const [expired, revoked] = [Number(row.expired), Number(row.revoked)];
  const open = state === 'unknown' ? 0 : Number(row.open);
  return [
    ['changed', changed],
    ['open', open],
    ['expired', expired],
    ['revoked', revoked],
    ['failed', left - open - expired - revoked],
  ];
}

/** When each user last set a new password with a link. */
export const usedSince = (db: Knex, since: number): Knex.QueryBuilder =>
  db('reset_tokens')
    .where({ state: 'used' })
    .andWhere('settled_at', '>=', since)
    .groupBy('user_id')
    .select('user_id')
    .max({ at: 'settled_at' });
