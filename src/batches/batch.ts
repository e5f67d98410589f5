import type { Knex } from 'knex';
import type { Actor } from '../types.ts';

/**
 * planning → (locking →) running ⇄ paused → done | incomplete | cancelled. Mails go out only while it is running.
 * incomplete: every recipient is settled, some as failed, unknown or missed; `retry` makes it running again.
 */
export type BatchState = 'planning' | 'locking' | 'running' | 'paused' | 'done' | 'incomplete' | 'cancelled';

/**
 * Why a batch is paused. `canary`: its first mails are out; `operator`: somebody paused it; `server_refused`: the mail
 * server takes no mail from this sender or login; `server_away`: it cannot be reached; `quota`: it takes no more for now.
 */
export type PauseCode = 'canary' | 'operator' | 'server_refused' | 'server_away' | 'quota';

/** A row of reset_batches. Instants are milliseconds since the epoch. */
export interface Batch {
  readonly id: string;
  /** of the selection: asking for the same people again finds the same batch */
  readonly digest: string;
  readonly state: BatchState;
  /** why it is paused, in words for the operator */
  readonly pauseReason: string | null;
  readonly pauseCode: PauseCode | null;
  /** the mail server that sends it; null: the set-up's */
  readonly route: string | null;
  readonly plannedUntil: number | null;
  /** who was chosen, as the operator wrote it */
  readonly selection: string;
  readonly actorKind: Actor['kind'];
  readonly actorName: string;
  readonly ticket: string | null;
  /** the operator's paragraph in the mail */
  readonly reason: string | null;
  /** every mail goes to this address instead, with a link that does nothing */
  readonly redirectTo: string | null;
  readonly expiresInS: number;
  /** mails a second, over all workers */
  readonly rate: number | null;
  readonly ratePerDomain: number | null;
  readonly canaryLeft: number | null;
  readonly isLocking: boolean;
  /** what ends with the lock besides what a reset ends: kinds, separated by commas */
  readonly ends: string | null;
  /** of a reminder: the batch whose people it reminds, which reminder of it this is, and how many a person may get */
  readonly parentId: string | null;
  readonly reminder: number | null;
  readonly remindersMax: number | null;
  /** no mail goes before this instant */
  readonly startsAt: number | null;
  /** mails go at these hours only, such as `08:00-18:00`, in each person's time zone */
  readonly dayWindow: string | null;
  /** of people who have none */
  readonly timeZone: string | null;
  /** how many people have a time zone that is not known, and get mails by that of the batch */
  readonly zonesUnknown: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

type BatchRow = Omit<Batch, 'isLocking' | 'startsAt'> & {
  readonly isLocking: boolean | number;
  readonly startsAt: number | string | null;
};

const columns = {
  id: 'id',
  digest: 'digest',
  state: 'state',
  pauseReason: 'pause_reason',
  pauseCode: 'pause_code',
  route: 'route',
  plannedUntil: 'planned_until',
  selection: 'selection',
  actorKind: 'actor_kind',
  actorName: 'actor_name',
  ticket: 'ticket',
  reason: 'reason',
  redirectTo: 'redirect_to',
  expiresInS: 'expires_in_s',
  rate: 'rate',
  ratePerDomain: 'rate_per_domain',
  canaryLeft: 'canary_left',
  isLocking: 'is_locking',
  ends: 'ends',
  parentId: 'parent_id',
  reminder: 'reminder',
  remindersMax: 'reminders_max',
  startsAt: 'starts_at',
  dayWindow: 'day_window',
  timeZone: 'time_zone',
  zonesUnknown: 'zones_unknown',
  createdAt: 'created_at',
  startedAt: 'started_at',
  endedAt: 'ended_at',
} as const;

/** A batch by its id. */
export async function getBatch(db: Knex, id: string): Promise<Batch | undefined> {
  const row = (await db('reset_batches').select(columns).where({ id }).first()) as BatchRow | undefined;
  return row && toBatch(row);
}

/** Batches, newest first. */
export async function listBatches(db: Knex, limit: number): Promise<Batch[]> {
  const rows = (await db('reset_batches')
    .select(columns)
    .orderBy('created_at', 'desc')
    .limit(limit)) as BatchRow[];
  return rows.map(toBatch);
}

/** Batches whose mails may go out now, by a mail server of these routes. */
export async function runningBatches(db: Knex, takes?: readonly (string | null)[]): Promise<Batch[]> {
  const rows = (await db('reset_batches')
    .select(columns)
    .where({ state: 'running' })
    .orderBy('created_at')) as BatchRow[];
  return rows.map(toBatch).filter(({ route }) => takes === undefined || takes.includes(route));
}

/** The newest batch of this selection that has not ended well; `ended`: states that count as the end. */
export async function findUnfinished(
  db: Knex,
  digest: string,
  ended: readonly BatchState[] = ['done', 'cancelled'],
): Promise<Batch | undefined> {
  const row = (await db('reset_batches')
    .select(columns)
    .where({ digest })
    .whereNotIn('state', [...ended])
    .orderBy('created_at', 'desc')
    .first()) as BatchRow | undefined;
  return row && toBatch(row);
}

/** The newest batch of this selection in which every recipient is settled. */
export async function findDone(db: Knex, digest: string): Promise<Batch | undefined> {
  const row = (await db('reset_batches')
    .select(columns)
    .where({ digest, state: 'done' })
    .orderBy('created_at', 'desc')
    .first()) as BatchRow | undefined;
  return row && toBatch(row);
}

/** The actor of a batch's rows. */
export const actorOf = ({ actorKind, actorName, ticket }: Batch): Actor => ({
  kind: actorKind,
  name: actorName,
  ticket: ticket ?? undefined,
});

/** SQLite and MySQL keep yes and no as 1 and 0. */
const toBatch = (row: BatchRow): Batch => ({
  ...row,
  isLocking: Boolean(row.isLocking),
  startsAt: row.startsAt === null ? null : Number(row.startsAt),
});
