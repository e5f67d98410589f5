import type { Db } from '../../db/connect.ts';
import type { TableInfo } from '../../db/introspect.ts';
import { isLookup } from '../columns/step.ts';
import type { OnResetStep, StepValue, StepWhere } from '../columns/rules.ts';
import { findColumn, findTable } from './find-table.ts';
import { renamed } from './renamed.ts';
import { besideTables, findLooseTie } from './tie.ts';
import type { UsersMapping } from './users-mapping.ts';

/** The steps of a reset as this database has them. */
export interface CheckedSteps {
  readonly steps: readonly OnResetStep[];
  /** what was left out and why, in words */
  readonly skipped: readonly string[];
}

/** Leaves out steps whose table or columns are not there, and steps that may be about another table's users. */
export async function checkSteps(
  db: Db,
  mapping: UsersMapping,
  wanted: readonly OnResetStep[],
  user: TableInfo,
): Promise<CheckedSteps> {
  const steps: OnResetStep[] = [];
  const skipped: string[] = [];
  for (const step of wanted) {
    const name = 'delete' in step ? step.delete : step.table;
    const table = name === undefined ? user : await findTable(db, mapping.schema, name);
    if (!table) {
      skipped.push(`table ${name ?? ''}: not in this database`);
      continue;
    }
    const { kept, lacking } = await fit(db, mapping, step, table);
    skipped.push(...lacking.map((column) => `column ${column}: the table ${table.name} has none`));
    if (!kept) continue;
    const because = await findLoose(
      db,
      mapping,
      { table: table.name, where: kept.where, tie: kept.tie },
      user,
    );
    if (because === undefined) steps.push(kept);
    else
      skipped.push(`table ${table.name}: ${because}. If it is about these users, name it in users.onReset`);
  }
  return { steps, skipped: [...new Set(skipped)] };
}

/** Why the rows that `where` names may be about another table's users, if so. */
export async function findLoose(
  db: Db,
  mapping: UsersMapping,
  { table, where, tie }: { table: string; where: StepWhere | undefined; tie: OnResetStep['tie'] },
  user: TableInfo,
): Promise<string | undefined> {
  for (const beside of besideTables(table, where, tie)) {
    const because = await findLooseTie(db, mapping.schema, user.name, beside);
    if (because !== undefined) return because;
  }
  return undefined;
}

interface Fitted {
  /** undefined where the step cannot run on this table */
  readonly kept: OnResetStep | undefined;
  /** columns that it names, that the table lacks, and that not every version has */
  readonly lacking: readonly string[];
}

async function fit(db: Db, mapping: UsersMapping, step: OnResetStep, table: TableInfo): Promise<Fitted> {
  const optional = mapping.preset.optional ?? [];
  const isThere = (name: string): boolean => findColumn(table, name) !== undefined;
  const fitted = await fitWhere(db, mapping, step.where, table);
  const unset = 'set' in step ? Object.keys(step.set).filter((name) => !isThere(name)) : [];
  const lacking = [...fitted.absent, ...unset].filter((each) => !optional.includes(each));
  if (fitted.absent.length > 0) return { kept: undefined, lacking };
  if ('delete' in step) {
    return { kept: { ...step, delete: table.name, where: fitted.where }, lacking };
  }
  const set = renamed(step.set, (name) => findColumn(table, name)?.name);
  if (Object.keys(set).length === 0) return { kept: undefined, lacking };
  const where = step.where && { where: fitted.where };
  const kept = { ...step, ...where, set, ...(step.table !== undefined && { table: table.name }) };
  return { kept, lacking };
}

/** A `where` in the names of this database, and the columns of it that are not there. */
export async function fitWhere(
  db: Db,
  mapping: UsersMapping,
  where: StepWhere = {},
  table: TableInfo,
): Promise<{ where: StepWhere; absent: string[] }> {
  const fitted: Record<string, StepValue> = {};
  const absent: string[] = [];
  for (const [name, value] of Object.entries(where)) {
    const column = findColumn(table, name)?.name;
    const here = isLookup(value) ? await fitLookup(db, mapping, value) : value;
    if (column === undefined || here === undefined) absent.push(name);
    else fitted[column] = here;
  }
  return { where: fitted, absent };
}

async function fitLookup(
  db: Db,
  mapping: UsersMapping,
  lookup: Extract<StepValue, { in: string }>,
): Promise<StepValue | undefined> {
  const table = await findTable(db, mapping.schema, lookup.in);
  const column = table && findColumn(table, lookup.column)?.name;
  if (!table || column === undefined) return undefined;
  const names = Object.keys(lookup.where);
  if (!names.every((name) => findColumn(table, name))) return undefined;
  return { in: table.name, column, where: renamed(lookup.where, (name) => findColumn(table, name)?.name) };
}
