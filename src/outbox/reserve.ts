import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';

/** How far ahead a worker may reserve: if it is killed, no more is wasted, and reserved mails go out soon. */
const HORIZON_US = 500_000;

export interface Reservation {
  /** how many mails may go, and in how many milliseconds each */
  readonly delaysMs: readonly number[];
  /** if nothing may go: when to ask again, in milliseconds */
  readonly waitMs: number;
}

/**
 * Take up to `wanted` departures of the limiter `key`, spread evenly at `perSecond`. The row is the only meeting point
 * of all workers, and its clock is the database's. Call it inside a transaction; it holds the row until the end.
 */
export async function reserve(
  trx: Knex,
  key: string,
  perSecond: number,
  wanted: number,
): Promise<Reservation> {
  const row = (await readLimiter(trx, key)) ?? (await createLimiter(trx, key));
  const now = Math.floor(Number(row.now));
  const start = Math.max(Number(row.next_at), now);
  const interval = 1_000_000 / perSecond;
  const ahead = now + HORIZON_US - start;
  const count = ahead < 0 ? 0 : Math.min(wanted, Math.floor(ahead / interval) + 1);
  if (count > 0) {
    await trx('reset_rate')
      .where({ key })
      .update({ next_at: Math.round(start + count * interval) });
  }
  return {
    delaysMs: Array.from({ length: count }, (_, index) => (start + index * interval - now) / 1000),
    waitMs: Math.max(1, Math.ceil(-ahead / 1000)),
  };
}

interface Limiter {
  readonly next_at: number | string;
  readonly now: number | string;
}

async function readLimiter(trx: Knex, key: string): Promise<Limiter | undefined> {
  const query = trx('reset_rate')
    .select('next_at', { now: clockOf(trx) })
    .where({ key });
  if (dialectOf(trx) !== 'sqlite') void query.forUpdate();
  return (await query.first()) as Limiter | undefined;
}

/** Read first, because an insert that finds the row locks it in a way that two workers then wait on each other. */
async function createLimiter(trx: Knex, key: string): Promise<Limiter> {
  await trx('reset_rate').insert({ key, next_at: 0 }).onConflict('key').ignore();
  return (await readLimiter(trx, key)) ?? { next_at: 0, now: 0 };
}

/** The limiters under `prefix` that have nothing to give for the moment. */
export async function findExhausted(trx: Knex, prefix: string): Promise<string[]> {
  const rows = (await trx('reset_rate')
    .select('key')
    .where('key', 'like', `${prefix}%`)
    .andWhere('next_at', '>', trx.raw('? + ?', [clockOf(trx), HORIZON_US]))) as { key: string }[];
  return rows.map(({ key }) => key.slice(prefix.length));
}

/** Limiters of a batch that has ended. */
export async function dropLimiters(db: Knex, prefix: string): Promise<void> {
  await db('reset_rate').where('key', 'like', `${prefix}%`).delete();
}

/** Microseconds since the epoch by the clock of the database, at this statement. */
function clockOf(trx: Knex): Knex.Raw {
  switch (dialectOf(trx)) {
    case 'sqlite':
      return trx.raw(`cast(unixepoch('now', 'subsec') * 1000000 as integer)`);
    case 'postgres':
      return trx.raw(`cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)`);
    case 'mysql':
      return trx.raw(`cast(unix_timestamp(sysdate(6)) * 1000000 as unsigned)`);
  }
}
