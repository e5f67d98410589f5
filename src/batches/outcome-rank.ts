import type { Knex } from 'knex';

/** Which batch, and by which clock; instants in milliseconds since the epoch. */
export interface OutcomeScope {
  readonly batchId: string;
  /** its reminders: of all its mails, the one that came furthest says what became of a person */
  readonly reminderIds?: readonly string[];
  readonly now: number;
}

/** What one mail says of a person without a new password; the better one first: of two links, an open one counts. */
export const RANKS = ['open', 'waiting', 'expired', 'revoked', 'failed', 'skipped'] as const;
export type Rank = (typeof RANKS)[number];
export const rankOf = (outcome: Rank): number => RANKS.indexOf(outcome);

/** The rank of a row of reset_outbox, by its own columns. */
export function rankSql(db: Knex, row: string, now: number): Knex.Raw {
  const column = (name: string) => `${row}.${name}`;
  return db.raw(
    `case when ${column('state')} = 'skipped' then ${rankOf('skipped')}
      when ${column('state')} in ('queued', 'claimed') then ${rankOf('waiting')}
      when ${column('state')} in ('failed', 'bounced') or ${column('link_exp')} is null then ${rankOf('failed')}
      when ${column('link_ended')} is not null then ${rankOf('revoked')}
      when ${column('link_exp')} <= ? then ${rankOf('expired')}
      when ${column('state')} = 'unknown' then ${rankOf('failed')}
      else ${rankOf('open')} end`,
    [Math.floor(now / 1000)],
  );
}

/**
 * A row for each person who got reminders, by the person's row in the batch itself (`first_id`): the best of them
 * (`mail_rank`), and the last end of a link and of a mail.
 */
export const reminded = (db: Knex, { reminderIds = [], now }: OutcomeScope): Knex.QueryBuilder =>
  db('reset_outbox as o')
    .whereIn('o.batch_id', [...reminderIds])
    .whereNot('o.state', 'skipped')
    .whereNotNull('o.first_id')
    .groupBy('o.first_id')
    .select('o.first_id', { mail_rank: db.raw('min(?)', [rankSql(db, 'o', now)]) })
    .max({ exp: 'o.link_exp', settled_at: 'o.settled_at' });
