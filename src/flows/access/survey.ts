import type { App } from '../../app.ts';
import type { Db } from '../../db/connect.ts';
import type { User } from '../../types.ts';
import { checkAccess, type CheckedAccess } from '../../users/access/check-access.ts';
import { countAccess } from '../../users/access/count-access.ts';
import type { AccessKind } from '../../users/store/access-kinds.ts';

/** One kind of thing that lets a person in or keeps a person out, and how many there are. */
export interface AccessItem {
  readonly kind: AccessKind;
  /** what the application calls it, where it has several of a kind */
  readonly name: string | null;
  readonly count: number;
  /** false: the application keeps them in one place that SQL can't count, so `count` is 1 or 0 */
  readonly isCounted: boolean;
  /** since when the oldest is there; null where the application does not say */
  readonly since: string | null;
  /** a reset ends it, by a step of its own or because the application drops it with the old hash */
  readonly endsWithReset: boolean;
  readonly canEnd: boolean;
  /** what its end leaves over, or what can end it instead */
  readonly beyond: string | null;
}

export interface Surveyed {
  readonly entry: CheckedAccess;
  readonly item: AccessItem;
}

/** Everything of the preset's `access` that this database has, counted for one user; also what there is none of. */
export async function survey(app: App, db: Db, user: User): Promise<Surveyed[]> {
  const mapping = await app.mapping();
  const found: Surveyed[] = [];
  for (const entry of await checkAccess(db, mapping)) {
    const { count, since } = await countAccess(db, mapping, entry, user);
    found.push({ entry, item: toItem(entry, count, since) });
  }
  return found;
}

const toItem = (entry: CheckedAccess, count: number, since: number | null): AccessItem => ({
  kind: entry.kind,
  name: entry.name ?? null,
  count,
  isCounted: entry.table !== undefined && entry.isOne !== true,
  since: since === null ? null : new Date(since).toISOString(),
  endsWithReset: entry.reset !== undefined,
  canEnd: entry.end.length > 0,
  beyond: entry.beyond ?? null,
});

/** Its end draws something new that every user always has, so that counting again proves nothing. */
export const isStamp = ({ table, end }: CheckedAccess): boolean =>
  table === undefined &&
  end.some((step) => 'set' in step && Object.values(step.set).some((value) => isDrawn(value)));

const isDrawn = (value: unknown): boolean => typeof value === 'object' && value !== null && 'random' in value;
