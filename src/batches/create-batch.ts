import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Actor } from '../types.ts';
import type { Batch } from './batch.ts';
import { storable } from '../values/printable.ts';

export interface NewBatch extends Pick<Batch, 'digest' | 'selection' | 'isLocking'> {
  readonly actor: Actor;
  /** a paragraph for the mail */
  readonly reason?: string | undefined;
  /** one address that gets every mail instead */
  readonly redirectTo?: string | undefined;
  /** lifetime of each link */
  readonly expiresInMs: number;
  /** mails per second, in all and to one domain */
  readonly rate?: number | undefined;
  readonly ratePerDomain?: number | undefined;
  /** see Batch */
  readonly ends?: string | undefined;
  /** how many mails go first, before it pauses */
  readonly canary?: number | undefined;
  /** of a reminder, see Batch */
  readonly parentId?: string | undefined;
  readonly reminder?: number | undefined;
  readonly remindersMax?: number | undefined;
  /** when its mails may go, see Batch */
  readonly startsAt?: number | undefined;
  readonly dayWindow?: string | undefined;
  readonly timeZone?: string | undefined;
  /** of the process that sends it */
  readonly route: string;
}

/** A process that plans or locks renews this lease; once it has run out, another process may start over. */
export const PLANNING_LEASE_MS = 30_000;

/** As many letters as `--reason-file` takes. */
const LONGEST_REASON = 10_000;

/** 48 random bits: short enough to type, and unique enough within one database. */
const createBatchId = (): string => randomBytes(6).toString('hex');

/** A batch without recipients, in `planning`. Gives its id. */
export async function createBatch(db: Knex, batch: NewBatch, now: number): Promise<string> {
  const id = createBatchId();
  await db('reset_batches').insert({
    id,
    digest: batch.digest,
    state: 'planning',
    planned_until: now + PLANNING_LEASE_MS,
    selection: storable(batch.selection, 1000),
    actor_kind: batch.actor.kind,
    actor_name: storable(batch.actor.name, 255),
    ticket: batch.actor.ticket === undefined ? null : storable(batch.actor.ticket, 255),
    reason: batch.reason === undefined ? null : storable(batch.reason, LONGEST_REASON),
    redirect_to: batch.redirectTo ?? null,
    expires_in_s: Math.floor(batch.expiresInMs / 1000),
    rate: batch.rate ?? null,
    rate_per_domain: batch.ratePerDomain ?? null,
    canary_left: batch.canary ?? null,
    is_locking: batch.isLocking,
    ends: batch.ends ?? null,
    ...reminderColumns(batch),
    ...scheduleColumns(batch),
    route: batch.route,
    created_at: now,
  });
  return id;
}

const reminderColumns = ({ parentId, reminder, remindersMax }: NewBatch) => ({
  parent_id: parentId ?? null,
  reminder: reminder ?? null,
  reminders_max: remindersMax ?? null,
});

const scheduleColumns = ({ startsAt, dayWindow, timeZone }: NewBatch) => ({
  starts_at: startsAt ?? null,
  day_window: dayWindow ?? null,
  time_zone: timeZone ?? null,
});
