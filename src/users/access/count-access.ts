import type { Db } from '../../db/connect.ts';
import type { User } from '../../types.ts';
import { conditionSql } from '../columns/condition-sql.ts';
import { toScalar, type UsersMapping } from '../mapping/users-mapping.ts';
import type { Condition } from '../columns/rules.ts';
import type { AccessCount } from '../store/known-access.ts';
import { rowsFor } from '../writing/run-step.ts';
import type { CheckedAccess } from './check-access.ts';

/** As much of an entry as counting needs. */
export type Countable = Pick<CheckedAccess, 'when' | 'kinds'> &
  Partial<Pick<CheckedAccess, 'table' | 'where' | 'since' | 'isOne'>>;

export async function countAccess(
  db: Db,
  mapping: UsersMapping,
  entry: Countable,
  user: User,
): Promise<AccessCount> {
  const { query } = await countedRows(db, mapping, entry, user);
  query.count({ count: '*' });
  const { since } = entry;
  const column = sinceColumn(entry);
  if (column !== undefined) query.min({ since: column });
  const row = (await query.first()) as { count: number | string; since?: unknown };
  const count = Number(row.count);
  return { count: entry.isOne ? Math.min(count, 1) : count, since: instantOf(row.since, since) };
}

/**
 * What tells each of the counted rows from every other, now and later: its key, since when it is there, and what its end
 * overwrites. A row that is ended is not counted any more, or has another trace.
 */
export async function traceAccess(
  db: Db,
  mapping: UsersMapping,
  entry: CheckedAccess,
  user: User,
): Promise<string[]> {
  const { key, table, end } = entry;
  const overwritten = end.flatMap((step) =>
    'set' in step && step.table === table ? Object.keys(step.set) : [],
  );
  const columns = [...new Set([...key, ...overwritten, sinceColumn(entry) ?? []].flat())];
  const { query } = await countedRows(db, mapping, entry, user);
  if (columns.length === 0) query.select(db.raw('1'));
  const rows: Record<string, unknown>[] = await query.select(columns);
  return rows.map((row) => JSON.stringify(columns.map((column) => toScalar(row[column]))));
}

const sinceColumn = ({ since }: Countable): string | undefined =>
  typeof since === 'object' ? since.column : since;

/** A query is thenable, and a promise of one would run it. */
async function countedRows(
  db: Db,
  mapping: UsersMapping,
  entry: Countable,
  user: User,
): ReturnType<typeof rowsFor> {
  const rows = await rowsFor(db, mapping, entry, user);
  for (const [column, condition] of Object.entries(entry.when))
    rows.query.whereRaw(conditionSql(db, { name: column, kind: entry.kinds[column] }, condition));
  return rows;
}

/** When the password was last changed, where the application keeps this in a column of the user's own row. */
export async function readPasswordTime(db: Db, mapping: UsersMapping, user: User): Promise<number | null> {
  const { changedAt, passwordIn, preset } = mapping;
  if (changedAt === undefined || passwordIn || preset.isChangedAtExact !== true) return null;
  const { query } = await rowsFor(db, mapping, {}, user);
  const row = (await query.select({ at: changedAt }).first()) as { at: unknown } | undefined;
  const as = preset.changedAtAs;
  return instantOf(row?.at, as === undefined || as === 'text' ? changedAt : { column: changedAt, as });
}

/** Which of these conditions on the user's own row hold: the names of their columns. */
export async function whichHold(
  db: Db,
  mapping: UsersMapping,
  user: User,
  conditions: Readonly<Record<string, Condition>>,
): Promise<string[]> {
  const held: string[] = [];
  for (const [column, condition] of Object.entries(conditions)) {
    const { query } = await rowsFor(db, mapping, {}, user);
    const kind = mapping.facts[`user.${column}`]?.kind;
    query.whereRaw(conditionSql(db, { name: column, kind }, condition)).count({ count: '*' });
    const row = (await query.first()) as { count: number | string };
    if (Number(row.count) > 0) held.push(column);
  }
  return held;
}

/** A time as drivers give it: a Date, text in UTC (our sessions run in UTC), or a number. */
function instantOf(value: unknown, since: CheckedAccess['since']): number | null {
  if (value === null || value === undefined || since === undefined) return null;
  if (value instanceof Date) return valid(value.getTime());
  if (typeof since === 'object') return valid(Number(value) * (since.as === 's' ? 1000 : 1));
  return valid(typeof value === 'string' ? fromText(value) : Number(value));
}

/** PostgreSQL writes its zone as `+00`. */
function fromText(value: string): number {
  const text = value
    .trim()
    .replace(' ', 'T')
    .replace(/([+-]\d\d)$/, '$1:00');
  if (/^\d+$/.test(text)) return Number(text);
  return Date.parse(/T.*(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
}

const valid = (ms: number): number | null => (Number.isFinite(ms) && ms > 0 ? ms : null);
