import type { Knex } from 'knex';

/**
 * A text column that filters rows that were found, and must not be used to find them. While a database has no
 * statistics of a batch that was planned a moment ago, it takes an index on the batch for the shorter way than the
 * ids or the order that are given, and looks through a million rows for each page.
 */
export const unindexed = (db: Knex, column: string): Knex.Raw => db.raw(`coalesce(??, '')`, [column]);
