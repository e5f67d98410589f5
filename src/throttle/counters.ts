import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { ResetError } from '../errors.ts';
import type { Clock } from '../types.ts';

/** How often something was counted in its window, and when the window ends (milliseconds since 1970). */
export interface Count {
  readonly points: number;
  readonly expire: number;
}

/** Counters in our table, which all processes share. A window begins with the first of its name. */
export interface Counters {
  /** Count one more. Gives how many it is. */
  add(name: string, windowMs: number): Promise<Count>;
  /** Those that have not run out, by name. */
  read(names: readonly string[]): Promise<Map<string, Count>>;
  clear(names: readonly string[]): Promise<void>;
  /** Remove those that ran out before `now`. */
  sweep(now: number): Promise<void>;
}

interface Waiting {
  readonly key: string;
  readonly windowMs: number;
  readonly resolve: (count: Count) => void;
  readonly reject: (error: unknown) => void;
}

interface Row extends Count {
  readonly key: string;
}

const TABLE = 'reset_throttle';
/** Names in one statement. */
const MAX_BATCH = 100;

/**
 * What is counted while a statement is on its way goes with the next one: a flood from one place is one statement at a
 * time, and a hundred visitors are one as well. Each count is atomic, whoever else counts.
 */
export function createCounters(db: Knex, clock: Clock): Counters {
  const waiting: Waiting[] = [];
  let isCounting = false;

  async function countOn(): Promise<void> {
    isCounting = true;
    await Promise.resolve(); // whoever counts in this same moment comes along
    while (waiting.length > 0) await countBatch(db, takeBatch(waiting), clock.now());
    isCounting = false;
  }

  return {
    add: (name, windowMs) =>
      new Promise((resolve, reject) => {
        waiting.push({ key: keyOf(name), windowMs, resolve, reject });
        if (!isCounting) void countOn();
      }),
    async read(names) {
      const rows = await readRows(db, names.map(keyOf));
      const now = clock.now();
      return new Map(
        names.flatMap((name) => {
          const row = rows.get(keyOf(name));
          return row === undefined || row.expire <= now ? [] : [[name, row]];
        }),
      );
    },
    async clear(names) {
      await db(TABLE).whereIn('key', names.map(keyOf)).delete();
    },
    async sweep(now) {
      await db(TABLE).where('expire', '<', now).delete();
    },
  };
}

/** What every collation keeps apart, and the column takes. */
const PLAIN = /^[!-@[-~]{1,255}$/;

/** Any other name is counted by its digest: it must not take others along that go with it. */
const keyOf = (name: string): string =>
  PLAIN.test(name) ? name : createHash('sha256').update(name).digest('hex');

/** The first ones, however often a name is among them. */
function takeBatch(waiting: Waiting[]): Waiting[] {
  const keys = new Set<string>();
  const end = waiting.findIndex(({ key }) => (keys.size === MAX_BATCH && !keys.has(key)) || !keys.add(key));
  return waiting.splice(0, end < 0 ? waiting.length : end);
}

async function countBatch(db: Knex, batch: readonly Waiting[], now: number): Promise<void> {
  const groups = new Map<string, Waiting[]>();
  for (const each of batch) {
    const group = groups.get(each.key);
    if (group === undefined) groups.set(each.key, [each]);
    else group.push(each);
  }
  // Everybody counts in the same order, so that nobody waits for somebody who waits for him.
  const sorted = [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
  try {
    const counted = await writeCounts(db, sorted, now);
    for (const [key, group] of groups) {
      const row = counted.get(key);
      if (row === undefined)
        throw new ResetError('database_unavailable', 'A counter was written and is not there.');
      for (const [index, { resolve }] of group.entries())
        resolve({ points: row.points - group.length + index + 1, expire: row.expire });
    }
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

function writeCounts(
  db: Knex,
  groups: readonly (readonly [string, readonly Waiting[]])[],
  now: number,
): Promise<Map<string, Row>> {
  const values = groups.flatMap(([key, group]) => [key, group.length, now + (group[0]?.windowMs ?? 0)]);
  const places = groups.map(() => '(?, ?, ?)').join(', ');
  const insert = `insert into ${TABLE} (??, points, expire) values ${places}`;
  return inTransaction(
    db,
    async (trx) => {
      if (dialectOf(db) === 'mysql') {
        await trx.raw(`${insert} ${MYSQL_UPDATE}`, ['key', ...values, now, now]);
        return readRows(trx, groups.map(([key]) => key)); // prettier-ignore
      }
      const answer: unknown = await trx.raw(`${insert} ${UPDATE}`, [
        'key',
        ...values,
        'key',
        now,
        now,
        'key',
      ]);
      return byKey(rowsOf(answer));
    },
    { sharesQueue: true },
  );
}

// A name whose window has ended begins another one.
const UPDATE = `on conflict (??) do update set
  points = case when ${TABLE}.expire > ? then ${TABLE}.points else 0 end + excluded.points,
  expire = case when ${TABLE}.expire > ? then ${TABLE}.expire else excluded.expire end
  returning ??, points, expire`;
// It has no RETURNING, and its assignments are made from left to right.
const MYSQL_UPDATE = `on duplicate key update
  points = if(expire > ?, points, 0) + values(points),
  expire = if(expire > ?, expire, values(expire))`;

async function readRows(db: Knex, keys: readonly string[]): Promise<Map<string, Row>> {
  return byKey(
    await db<Row>(TABLE)
      .whereIn('key', [...keys])
      .select('key', 'points', 'expire'),
  );
}

const byKey = (rows: readonly Row[]): Map<string, Row> => new Map(rows.map((row) => [row.key, row]));

/** Knex gives an answer to raw SQL as the driver does. */
const rowsOf = (answer: unknown): Row[] =>
  (Array.isArray(answer) ? answer : (answer as { rows: unknown }).rows) as Row[];
