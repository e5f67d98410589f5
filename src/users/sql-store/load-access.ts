import type { Db } from '../../db/connect.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import type { AccessReader, AccessWriter } from '../store/known-access.ts';
import type { JoinedUsers, UsersStore } from '../store/users-store.ts';

/** `sqlAccess`, which is loaded by the few commands that call it. */
export function loadAccess(
  db: Db,
  mapping: UsersMapping,
): AccessReader & AccessWriter & Pick<JoinedUsers, 'countHolders'> {
  const load = async () => (await import('./sql-access.ts')).sqlAccess(db, mapping);
  return {
    knownAccess: async () => (await load()).knownAccess(),
    survivingAccess: async () => (await load()).survivingAccess(),
    isHeld: async (access) => (await load()).isHeld(access),
    countHolders: async (access, ids) => (await load()).countHolders(access, ids),
    countAccess: async (access, user) => (await load()).countAccess(access, user),
    traceAccess: async (access, user) => (await load()).traceAccess(access, user),
    findHolders: async (access, users) => (await load()).findHolders(access, users),
    passwordChangedAt: async (user) => (await load()).passwordChangedAt(user),
    endAccess: async (access, users, now) => (await load()).endAccess(access, users, now),
    demandChange: async (access, users, now) => (await load()).demandChange(access, users, now),
  };
}

/** The same for `sqlConditions` and `endWithLock`. */
export function loadRest(db: Db, mapping: UsersMapping) {
  const load = async () => (await import('./sql-conditions.ts')).sqlConditions(db, mapping);
  return {
    checkConditions: async (conditions) => (await load()).checkConditions(conditions),
    whichHold: async (user, conditions) => (await load()).whichHold(user, conditions),
    whoHolds: async (users, conditions) => (await load()).whoHolds(users, conditions),
    endWithLock: async (kinds) => {
      const { endWithLock } = await import('./end-with-lock.ts');
      return endWithLock(db, mapping, kinds);
    },
  } satisfies Partial<UsersStore>;
}
