import type { Knex } from 'knex';
// @ts-expect-error knex ships no types for its dialect classes
import KnexMysql from 'knex/lib/dialects/mysql2/index.js';

/** Named instead of `mysql2`, for which Knex would know every dialect by its name, and the program load them all. */
export const MysqlClient = KnexMysql as typeof Knex.Client;
