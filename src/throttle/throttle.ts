import type { Knex } from 'knex';
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { dialectOf } from '../db/connect.ts';
import { ResetError } from '../errors.ts';
import { limiterClient } from './limiter-client.ts';

interface Window {
  readonly points: number;
  readonly seconds: number;
}

/** Visitors and operators have separate buckets, so that strangers on the web can't block support (R49). */
const BUCKETS = {
  web: [
    { points: 1, seconds: 60 },
    { points: 5, seconds: 3600 },
    { points: 10, seconds: 86_400 },
  ],
  operator: [{ points: 1, seconds: 60 }],
  // Typed codes that were checked: the tries of four codes a day.
  code: [{ points: 20, seconds: 86_400 }],
} as const satisfies Record<string, readonly Window[]>;

export type Bucket = keyof typeof BUCKETS;

/** Too soon for this user? Counters live in the database: shared by all processes, kept over a restart. */
export interface Throttle {
  /** Count one request. Throws throttled with details.retryAfterSeconds. */
  consume(bucket: Bucket, userId: string): Promise<void>;
  /** Seconds until the next request is allowed; 0 when it is. */
  waitSeconds(bucket: Bucket, userId: string): Promise<number>;
  /** Clear a user's counters: after a reset (R95), or when a request led to nothing. */
  clear(userId: string, buckets?: readonly Bucket[]): Promise<void>;
  /** Count against any other window, e.g. a network address. Gives what is left and when it starts again. */
  count(key: string, window: Window): Promise<{ isAllowed: boolean; remaining: number; resetMs: number }>;
  /** Remove counters that have run out. `now` in milliseconds. */
  sweep(now: number): Promise<void>;
}

/** Atomic counters of the rate limiter library over our own table. */
export async function createThrottle(db: Knex): Promise<Throttle> {
  const library = await import('rate-limiter-flexible');
  const limiters = new Map<string, RateLimiterAbstract>();

  function limiter({ points, seconds }: Window): RateLimiterAbstract {
    const name = `${points}/${seconds}`;
    const known = limiters.get(name);
    if (known) return known;
    const created = createLimiter(library, db, { keyPrefix: name, points, duration: seconds });
    limiters.set(name, created);
    return created;
  }

  async function count(key: string, window: Window) {
    try {
      const result = await limiter(window).consume(key);
      return { isAllowed: true, remaining: result.remainingPoints, resetMs: result.msBeforeNext };
    } catch (refusal) {
      if (refusal instanceof Error) throw refusal;
      const { msBeforeNext } = refusal as RateLimiterRes;
      return { isAllowed: false, remaining: 0, resetMs: msBeforeNext };
    }
  }

  return {
    count,
    async consume(bucket, userId) {
      for (const window of BUCKETS[bucket]) {
        const { isAllowed, resetMs } = await count(`${bucket}:${userId}`, window);
        if (!isAllowed) throw tooSoon(Math.ceil(resetMs / 1000));
      }
    },
    async waitSeconds(bucket, userId) {
      let wait = 0;
      for (const window of BUCKETS[bucket]) {
        const state = await limiter(window).get(`${bucket}:${userId}`);
        if (state && state.remainingPoints <= 0) wait = Math.max(wait, Math.ceil(state.msBeforeNext / 1000));
      }
      return wait;
    },
    async clear(userId, buckets = ['web', 'operator', 'code']) {
      for (const bucket of buckets) {
        for (const window of BUCKETS[bucket]) await limiter(window).delete(`${bucket}:${userId}`);
      }
    },
    async sweep(now) {
      await db('reset_throttle').where('expire', '<', now).delete();
    },
  };
}

function createLimiter(
  library: typeof import('rate-limiter-flexible'),
  db: Knex,
  window: { keyPrefix: string; points: number; duration: number },
): RateLimiterAbstract {
  const options = {
    ...window,
    storeClient: limiterClient(db),
    storeType: 'knex',
    tableName: 'reset_throttle',
    tableCreated: true,
    clearExpiredByTimeout: false,
  };
  switch (dialectOf(db)) {
    case 'postgres':
      return new library.RateLimiterPostgres(options);
    case 'mysql': {
      const { database } = (db.client as { config: { connection: { database: string } } }).config.connection;
      return new library.RateLimiterMySQL({ ...options, dbName: database });
    }
    case 'sqlite':
      return new library.RateLimiterSQLite(options);
  }
}

const tooSoon = (retryAfterSeconds: number) =>
  new ResetError(
    'throttled',
    `This user was sent a mail moments ago. Wait ${retryAfterSeconds} s, or send another now with --force.`,
    { details: { retryAfterSeconds } },
  );
