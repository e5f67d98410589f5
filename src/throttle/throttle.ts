import type { Knex } from 'knex';
import { ResetError } from '../errors.ts';
import type { Clock } from '../types.ts';
import { createCounters } from './counters.ts';

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

/** What became of one count. */
export interface Counted {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** when the window starts again */
  readonly resetMs: number;
}

/** Too soon for this user? Counters live in the database: shared by all processes, kept over a restart. */
export interface Throttle {
  /** Count one request. Throws throttled with details.retryAfterSeconds. */
  consume(bucket: Bucket, userId: string): Promise<void>;
  /** Seconds until the next request is allowed; 0 when it is. */
  waitSeconds(bucket: Bucket, userId: string): Promise<number>;
  /** Clear a user's counters: after a reset (R95), or when a request led to nothing. */
  clear(userId: string, buckets?: readonly Bucket[]): Promise<void>;
  /** Count against any other window, e.g. a network address. */
  count(key: string, window: Window): Promise<Counted>;
  /** Remove counters that have run out. `now` in milliseconds. */
  sweep(now: number): Promise<void>;
}

/** Keys that are known to have had enough; a flood of them must not fill the memory. */
const MAX_REFUSED = 5000;

export function createThrottle(db: Knex, clock: Clock): Throttle {
  const counters = createCounters(db, clock);
  const refused = new Map<string, number>();

  async function countIn(name: string, { points, seconds }: Window): Promise<Counted> {
    const count = await counters.add(name, seconds * 1000);
    const resetMs = Math.max(count.expire - clock.now(), 0);
    return { isAllowed: count.points <= points, remaining: Math.max(points - count.points, 0), resetMs };
  }

  return {
    // Nobody clears these, so a refusal holds until its window ends, and a flood need not be counted any further.
    async count(key, window) {
      const name = nameOf(window, key);
      const resetMs = (refused.get(name) ?? 0) - clock.now();
      if (resetMs > 0) return { isAllowed: false, remaining: 0, resetMs };
      const counted = await countIn(name, window);
      if (counted.isAllowed) return counted;
      if (refused.size >= MAX_REFUSED) refused.clear();
      refused.set(name, clock.now() + counted.resetMs);
      return counted;
    },
    async consume(bucket, userId) {
      for (const window of BUCKETS[bucket]) {
        const { isAllowed, resetMs } = await countIn(nameOf(window, `${bucket}:${userId}`), window);
        if (!isAllowed) throw tooSoon(Math.ceil(resetMs / 1000));
      }
    },
    async waitSeconds(bucket, userId) {
      const windows = namesOf(bucket, userId);
      const counts = await counters.read([...windows.keys()]);
      const waits = [...counts].flatMap(([name, { points, expire }]) =>
        points < (windows.get(name)?.points ?? 0) ? [] : [Math.ceil((expire - clock.now()) / 1000)],
      );
      return Math.max(0, ...waits);
    },
    async clear(userId, buckets = ['web', 'operator', 'code']) {
      await counters.clear(buckets.flatMap((bucket) => [...namesOf(bucket, userId).keys()]));
    },
    sweep: (now) => counters.sweep(now),
  };
}

const nameOf = ({ points, seconds }: Window, key: string): string => `${points}/${seconds}:${key}`;

const namesOf = (bucket: Bucket, userId: string): Map<string, Window> =>
  new Map(BUCKETS[bucket].map((window) => [nameOf(window, `${bucket}:${userId}`), window]));

const tooSoon = (retryAfterSeconds: number) =>
  new ResetError(
    'throttled',
    `This user was sent a mail moments ago. Wait ${retryAfterSeconds} s, or send another now with --force.`,
    { details: { retryAfterSeconds } },
  );
