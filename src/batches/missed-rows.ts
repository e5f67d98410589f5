import type { Knex } from 'knex';

/**
 * token_used: the person has already used the link of this very mail, whose answer was lost; changed: has a new
 * password some other way, before a reminder's turn.
 */
const HARMLESS = ['token_used', 'changed', 'cancelled'];

interface Skipped {
  readonly state: string;
  readonly reason: string | null;
  /** a mail was begun: it has a Message-ID */
  readonly isBegun: boolean;
}

/**
 * Somebody who should have got a mail and was skipped at delivery: deactivated since the plan, or with another
 * address. The plan did not say so, and nothing else will.
 */
export const isMissed = ({ state, reason, isBegun }: Skipped): boolean =>
  state === 'skipped' && isBegun && !HARMLESS.includes(reason ?? '');

/** The same without what bounced, which is only tried again where the address is another one now. */
export const unsent = (query: Knex.QueryBuilder): Knex.QueryBuilder =>
  undelivered(query).andWhere('state', '<>', 'bounced');

/** Narrows to what was not delivered and can be tried again: failed, unknown, bounced, or missed. `table` as in the query. */
export function undelivered(query: Knex.QueryBuilder, table = 'reset_outbox'): Knex.QueryBuilder {
  const [state, messageId, reason] = [`${table}.state`, `${table}.message_id`, `${table}.reason`];
  return query.where(
    (or) =>
      void or
        .whereIn(state, ['failed', 'unknown', 'bounced'])
        .orWhere(
          (and) => void and.where(state, 'skipped').whereNotNull(messageId).whereNotIn(reason, HARMLESS),
        ),
  );
}
