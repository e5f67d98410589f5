import type { Db } from '../../db/connect.ts';
import { checkAccess, type CheckedAccess } from '../access/check-access.ts';
import { countAccess, readPasswordTime, traceAccess } from '../access/count-access.ts';
import { canDemand, demandChange } from '../access/demand-change.ts';
import { countHolders, isHeld } from '../access/count-holders.ts';
import { findHolders } from '../access/find-holders.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import { LETS_IN as KINDS, type AccessKind } from '../store/access-kinds.ts';
import type { AccessReader, AccessWriter, KnownAccess } from '../store/known-access.ts';
import type { JoinedUsers } from '../store/users-store.ts';
import { runForMany } from '../writing/end-many.ts';
import { runStep } from '../writing/run-step.ts';

/** What flows hear of an entry of the preset, with the entry. */
interface SqlAccess extends KnownAccess {
  readonly entry: CheckedAccess;
}

const LETS_IN: ReadonlySet<AccessKind> = new Set(KINDS);

const entryOf = (access: KnownAccess): CheckedAccess => (access as SqlAccess).entry;

const toKnown = (entry: CheckedAccess): SqlAccess => ({
  kind: entry.kind,
  name: entry.name,
  isCounted: entry.table !== undefined && entry.isOne !== true,
  endsWithReset: entry.reset !== undefined,
  canEnd: entry.end.length > 0,
  isRenewed: isStamp(entry),
  canDemand: canDemand(entry),
  beyond: entry.beyond,
  entry,
});

const isStamp = ({ table, end }: CheckedAccess): boolean =>
  table === undefined &&
  end.some((step) => 'set' in step && Object.values(step.set).some((value) => isDrawn(value)));

const isDrawn = (value: unknown): boolean => typeof value === 'object' && value !== null && 'random' in value;

/** What the preset's `access` says, in these tables. */
export const sqlAccess = (
  db: Db,
  mapping: UsersMapping,
): AccessReader & AccessWriter & Pick<JoinedUsers, 'countHolders'> => ({
  knownAccess: async () => (await checkAccess(db, mapping)).map(toKnown),
  survivingAccess: async () => {
    const access = mapping.access.filter(({ kind, reset }) => reset === undefined && LETS_IN.has(kind));
    return access.length === 0 ? [] : (await checkAccess(db, { ...mapping, access })).map(toKnown);
  },
  isHeld: (access) => isHeld(db, mapping, entryOf(access)),
  countHolders: (access, ids) => countHolders(db, mapping, entryOf(access), ids),
  countAccess: (access, user) => countAccess(db, mapping, entryOf(access), user),
  traceAccess: (access, user) => traceAccess(db, mapping, entryOf(access), user),
  findHolders: (access, users) => findHolders(db, mapping, entryOf(access), users),
  passwordChangedAt: (user) => readPasswordTime(db, mapping, user),
  endAccess: async (access, users, now) => {
    const { end } = entryOf(access);
    const [user, ...others] = users;
    if (!user) return;
    if (others.length > 0) await runForMany(db, mapping, end, users, now);
    else for (const step of end) await runStep(db, mapping, step, user, now);
  },
  demandChange: (access, users, now) => demandChange(db, mapping, entryOf(access), users, now),
});
