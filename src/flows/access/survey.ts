import type { User } from '../../types.ts';
import type { AccessKind } from '../../users/store/access-kinds.ts';
import type { AccessReader, KnownAccess } from '../../users/store/known-access.ts';

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
  readonly entry: KnownAccess;
  readonly item: AccessItem;
}

/** Everything that this store knows of, counted for one user; also what there is none of. */
export async function survey(users: AccessReader, user: User): Promise<Surveyed[]> {
  const found: Surveyed[] = [];
  for (const entry of await users.knownAccess()) {
    found.push({ entry, item: await countOf(users, entry, user) });
  }
  return found;
}

export async function countOf(users: AccessReader, entry: KnownAccess, user: User): Promise<AccessItem> {
  const { count, since } = await users.countAccess(entry, user);
  return toItem(entry, count, since);
}

const toItem = (
  { kind, name, isCounted, endsWithReset, canEnd, beyond }: KnownAccess,
  count: number,
  since: number | null,
): AccessItem => ({
  kind,
  name: name ?? null,
  count,
  isCounted,
  since: since === null ? null : new Date(since).toISOString(),
  endsWithReset,
  canEnd,
  beyond: beyond ?? null,
});
