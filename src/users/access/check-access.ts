import type { Db } from '../../db/connect.ts';
import type { ColumnKind, TableInfo } from '../../db/introspect.ts';
import { checkSteps, findLoose, fitWhere } from '../mapping/check-steps.ts';
import { findColumn, findTable } from '../mapping/find-table.ts';
import { renamed } from '../mapping/renamed.ts';
import { conditionColumns, type UsersMapping } from '../mapping/users-mapping.ts';
import type { Conditions, OnResetStep, StepWhere } from '../columns/rules.ts';
import type { MappedAccess } from './resolve-access.ts';

/** An entry whose table and columns are in this database. */
export interface CheckedAccess extends MappedAccess {
  readonly when: Conditions;
  readonly demand: readonly OnResetStep[];
  /** what the schema says about the columns of `when` and `since` */
  readonly kinds: Readonly<Record<string, ColumnKind>>;
  /** columns that tell its rows apart; none where it is the user's own row */
  readonly key: readonly string[];
}

/**
 * The entries that this database has, in its own names. What is not there (another version, a module that is not
 * installed) and what may be about another table's users is left out. Call it only where it is needed: it asks the
 * schema about every table.
 */
export async function checkAccess(db: Db, mapping: UsersMapping): Promise<CheckedAccess[]> {
  const user = await findTable(db, mapping.schema, mapping.table);
  const checked: CheckedAccess[] = [];
  for (const entry of user ? mapping.access : []) {
    const here = user && (await checkEntry(db, mapping, entry, user));
    if (here) checked.push(here);
  }
  return checked;
}

async function checkEntry(
  db: Db,
  mapping: UsersMapping,
  entry: MappedAccess,
  user: TableInfo,
): Promise<CheckedAccess | undefined> {
  const place = entry.table === undefined ? { table: user } : await placeOf(db, mapping, entry, user);
  if (!place) return undefined;
  const { table } = place;
  if (!conditionColumns(entry.when).every((name) => findColumn(table, name))) return undefined;
  const nameHere = (name: string): string | undefined => findColumn(table, name)?.name;
  const steps = async (wanted: MappedAccess['end']) => (await checkSteps(db, mapping, wanted, user)).steps;
  const since = sinceHere(entry.since, nameHere);
  return {
    ...entry,
    ...('where' in place && { table: table.name, where: place.where }),
    when: renamed(entry.when ?? {}, nameHere),
    since,
    demand: await steps(entry.demand ?? []),
    demandRow: rowHere(entry, nameHere),
    end: await steps(entry.end),
    kinds: Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind])),
    key: entry.table === undefined ? [] : keyOf(table),
  };
}

/** The shortest unique key, the same for every process; all columns where there is none. */
function keyOf({ unique, columns }: TableInfo): readonly string[] {
  const nullable = columns.filter((column) => column.nullable).map(({ name }) => name);
  const keys = unique.filter((names) => !names.some((name) => nullable.includes(name)));
  const [shortest] = keys.sort(
    (one, other) => one.length - other.length || (one.join() < other.join() ? -1 : 1),
  );
  return shortest ?? columns.map(({ name }) => name);
}

/** The table of an entry and the rows that are the user's; undefined where it has not got them. */
async function placeOf(
  db: Db,
  mapping: UsersMapping,
  entry: MappedAccess,
  user: TableInfo,
): Promise<{ table: TableInfo; where: StepWhere } | undefined> {
  const table = await findTable(db, mapping.schema, entry.table ?? mapping.table);
  if (!table) return undefined;
  const { where, absent } = await fitWhere(db, mapping, entry.where, table);
  const beside = { table: table.name, where, tie: entry.tie };
  const isOurs = absent.length === 0 && (await findLoose(db, mapping, beside, user)) === undefined;
  return isOurs ? { table, where } : undefined;
}

/** Undefined where the table lacks a column of it. */
function rowHere(
  { demandRow }: MappedAccess,
  nameHere: (name: string) => string | undefined,
): MappedAccess['demandRow'] {
  if (demandRow === undefined || !Object.keys(demandRow).every((name) => nameHere(name))) return undefined;
  return renamed(demandRow, nameHere);
}

function sinceHere(
  since: MappedAccess['since'],
  nameHere: (name: string) => string | undefined,
): MappedAccess['since'] {
  if (since === undefined) return undefined;
  const column = nameHere(typeof since === 'string' ? since : since.column);
  if (column === undefined) return undefined;
  return typeof since === 'string' ? column : { ...since, column };
}
