import type { Knex } from 'knex';

/** Marks a mail for the setup's mail server, whichever that is when it is sent. */
export const SETUP = 'setup';

/** Names in `reset_outbox.route`; null is a mail from before there were routes. */
export type Takes = readonly (string | null)[];

/** Which mails belong to a process, by the mail server that it sends through. */
export interface Route {
  /** written on what it queues */
  readonly stamp: string;
  /** what it may claim */
  readonly takes: Takes;
}

/** For one mail server that a flag or variable names instead of the set-up's. */
export const routeTo = (server: string): string => `to:${server}`.slice(0, 255);

/** For a single process with its own mail server: no other process may send these. */
export const routeOfRun = (run: string): string => `run:${run}`.slice(0, 255);

/** The mail server in a stamp, as people know it; undefined for a run's and the set-up's. */
export const serverOf = (route: string | null): string | undefined =>
  route?.startsWith('to:') === true ? route.slice('to:'.length) : undefined;

/** Narrow a query to what may be claimed; without `takes` to nothing. */
export function onRoute<T extends Knex.QueryBuilder>(
  query: T,
  takes: Takes | undefined,
  column = 'route',
): T {
  if (takes === undefined) return query;
  const names = takes.filter((name) => name !== null);
  void query.andWhere((or) => {
    void or.whereIn(column, names);
    if (takes.includes(null)) void or.orWhereNull(column);
  });
  return query;
}
