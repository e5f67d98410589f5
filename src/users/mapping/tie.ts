import type { Db } from '../../db/connect.ts';
import { listForeignKeys } from '../../db/introspect.ts';
import { isLookup, namesUser } from '../columns/step.ts';
import type { StepWhere, Tie } from '../columns/rules.ts';

/** A table of a preset beside the users table, and the columns of it that name the user. */
export interface Beside {
  readonly table: string;
  readonly columns: readonly string[];
  /** absent: the operator named the table, and knows */
  readonly tie: Tie | undefined;
}

/**
 * Why this table cannot be taken for one about the users in `users`, if so: another table's users may have the same
 * ids, and a reset would reach them.
 */
export async function findLooseTie(
  db: Db,
  schema: string | undefined,
  users: string,
  { table, columns, tie }: Beside,
): Promise<string | undefined> {
  if (tie === undefined) return undefined;
  const keys = (await listForeignKeys(db, table, schema)).filter(({ column }) =>
    columns.some((each) => isAlike(each, column)),
  );
  if (keys.some((key) => isAlike(key.table, users))) return undefined;
  const [other] = keys;
  if (other) return `its column ${other.column} refers to ${other.table}, not to ${users}`;
  if (tie === 'name') return undefined;
  return `no foreign key says that its column ${columns.join(', ')} refers to ${users}`;
}

/** Where a `where` names the user: the table itself, and those that it looks something up in. */
export function besideTables(table: string, where: StepWhere = {}, tie: Tie | undefined): Beside[] {
  const own = Object.entries(where).filter(([column, value]) => namesUser({ [column]: value }));
  const direct = own.filter(([, value]) => !isLookup(value)).map(([column]) => column);
  const looked = own.flatMap(([, value]) =>
    isLookup(value) ? besideTables(value.in, value.where, tie) : [],
  );
  return [...(direct.length === 0 ? [] : [{ table, columns: direct, tie }]), ...looked];
}

const isAlike = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
