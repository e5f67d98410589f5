import type { Db } from '../../db/connect.ts';
import type { Scalar, User } from '../../types.ts';
import { qualify, type UsersMapping } from '../mapping/users-mapping.ts';
import type { StepValue } from '../columns/rules.ts';
import { isScalar, keyFor, runForMany } from '../writing/end-many.ts';
import type { CheckedAccess } from './check-access.ts';

/** Rows inserted in one statement. */
const ROWS = 500;

/** Does this entry say how a new password is asked for? */
export const canDemand = ({ kind, demand, demandRow }: CheckedAccess): boolean =>
  kind === 'must-change' && (demand.length > 0 || demandRow !== undefined);

/** Asks these users for a new password, as the application itself would. `now` in milliseconds. */
export async function demandChange(
  trx: Db,
  mapping: UsersMapping,
  entry: CheckedAccess,
  users: readonly User[],
  now: number,
): Promise<void> {
  await runForMany(trx, mapping, entry.demand, users, now);
  const { table, where = {}, demandRow } = entry;
  if (demandRow === undefined || table === undefined) return;
  await runForMany(trx, mapping, entry.end, users, now); // an older row, which says no
  const rows = users.map((user) => ({
    ...Object.fromEntries(Object.entries(where).map(([column, value]) => [column, fill(value, user)])),
    ...demandRow,
  }));
  for (let from = 0; from < rows.length; from += ROWS)
    await trx(qualify(mapping, table)).insert(rows.slice(from, from + ROWS));
}

const fill = (value: StepValue, user: User): Scalar =>
  keyFor(user, value) ?? (isScalar(value) ? value : null);
