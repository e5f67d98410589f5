import type { Knex } from 'knex';
import type { Actor } from '../types.ts';
import type { AuditEventName } from './record.ts';

/** A row of reset_audit. */
export interface AuditRow {
  readonly id: number;
  /** milliseconds since the epoch */
  readonly at: number;
  readonly event: AuditEventName;
  readonly result: string;
  readonly requestId: string | null;
  readonly batchId: string | null;
  readonly userId: string | null;
  readonly actorKind: Actor['kind'];
  readonly actorName: string;
  readonly ticket: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditQuery {
  /** milliseconds since the epoch */
  readonly since?: number | undefined;
  readonly userId?: string | undefined;
}

const columns = {
  id: 'id',
  at: 'at',
  event: 'event',
  result: 'result',
  requestId: 'request_id',
  batchId: 'batch_id',
  userId: 'user_id',
  actorKind: 'actor_kind',
  actorName: 'actor_name',
  ticket: 'ticket',
  details: 'details',
} as const;

const pageSize = 1000;

/** The audit, oldest first, in pages: any number of rows fits into memory. */
export async function* readAudit(db: Knex, { since, userId }: AuditQuery): AsyncGenerator<AuditRow> {
  let last = 0;
  for (;;) {
    const query = db('reset_audit').select(columns).where('id', '>', last).orderBy('id').limit(pageSize);
    if (since !== undefined) void query.andWhere('at', '>=', since);
    if (userId !== undefined) void query.andWhere({ user_id: userId });
    const page = (await query) as (Omit<AuditRow, 'details'> & { details: string | null })[];
    for (const row of page) yield { ...row, details: parseDetails(row.details) };
    if (page.length < pageSize) return;
    last = page.at(-1)?.id ?? last;
  }
}

/** How many rows say this since then (milliseconds since the epoch). */
export async function countAudit(
  db: Knex,
  { event, result, since }: { event: AuditEventName; result: string; since: number },
): Promise<number> {
  const [row] = await db('reset_audit')
    .where({ event, result })
    .andWhere('at', '>=', since)
    .count<{ count: number | string }[]>({ count: '*' });
  return Number(row?.count ?? 0);
}

/** What was recorded of a batch with this result since then (milliseconds since the epoch): the details of each row. */
export async function detailsOfBatch(
  db: Knex,
  { batchId, result, since }: { batchId: string; result: string; since: number },
): Promise<Record<string, unknown>[]> {
  const rows = (await db('reset_audit')
    .select('details')
    .where({ event: 'operator_action', result, batch_id: batchId })
    .andWhere('at', '>=', since)) as { details: string | null }[];
  return rows.map(({ details }) => parseDetails(details));
}

/** Ours is always JSON; what somebody else wrote there is shown as it is. */
function parseDetails(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { value };
  } catch {
    return { text };
  }
}
