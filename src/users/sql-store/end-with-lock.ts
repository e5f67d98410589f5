import type { Db } from '../../db/connect.ts';
import { checkAccess } from '../access/check-access.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import type { AccessKind } from '../store/access-kinds.ts';
import type { Ending } from '../store/users-store.ts';
import { runForMany } from '../writing/end-many.ts';
import { sqlOf } from './sql-of.ts';

/** The steps of a reset, and those of what ends besides. */
export async function endWithLock(
  db: Db,
  mapping: UsersMapping,
  kinds: readonly AccessKind[],
): Promise<Ending> {
  const steps = [...mapping.onReset];
  for (const { kind, reset, end } of kinds.length === 0 ? [] : await checkAccess(db, mapping))
    if (kinds.includes(kind) && reset !== 'steps') steps.push(...end);
  return (within, users, now) => runForMany(sqlOf(within).db, mapping, steps, users, now);
}
