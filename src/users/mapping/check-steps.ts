import type { Db } from '../../db/connect.ts';
import type { TableInfo } from '../../db/introspect.ts';
import type { OnResetStep } from '../preset.ts';
import { findColumn, findTable } from './find-table.ts';
import { renamed } from './renamed.ts';
import { columnsNaming, findLooseTie } from './tie.ts';
import type { UsersMapping } from './users-mapping.ts';

/** The steps of a reset as this database has them. */
export interface CheckedSteps {
  readonly steps: readonly OnResetStep[];
  /** what was left out and why, in words */
  readonly skipped: readonly string[];
}

/** Leaves out steps whose table or columns are not there, and steps that may be about another table's users. */
export async function checkSteps(db: Db, mapping: UsersMapping, user: TableInfo): Promise<CheckedSteps> {
  const steps: OnResetStep[] = [];
  const skipped: string[] = [];
  for (const step of mapping.onReset) {
    const name = 'delete' in step ? step.delete : step.table;
    const table = name === undefined ? user : await findTable(db, mapping.schema, name);
    if (!table) {
      skipped.push(`table ${name ?? ''}: not in this database`);
      continue;
    }
    const { kept, lacking } = fit(step, table, mapping.preset.optional ?? []);
    skipped.push(...lacking.map((column) => `column ${column}: the table ${table.name} has none`));
    if (!kept) continue;
    const beside = { table: table.name, columns: columnsNaming(kept), tie: kept.tie };
    const because = await findLooseTie(db, mapping.schema, user.name, beside);
    if (because === undefined) steps.push(kept);
    else
      skipped.push(`table ${table.name}: ${because}. If it is about these users, name it in users.onReset`);
  }
  return { steps, skipped: [...new Set(skipped)] };
}

interface Fitted {
  /** undefined where the step cannot run on this table */
  readonly kept: OnResetStep | undefined;
  /** columns that it names, that the table lacks, and that not every version has */
  readonly lacking: readonly string[];
}

function fit(step: OnResetStep, table: TableInfo, optional: readonly string[]): Fitted {
  const isThere = (name: string): boolean => findColumn(table, name) !== undefined;
  const absent = Object.keys(step.where ?? {}).filter((name) => !isThere(name));
  const unset = 'set' in step ? Object.keys(step.set).filter((name) => !isThere(name)) : [];
  const lacking = [...absent, ...unset].filter((each) => !optional.includes(each));
  if (absent.length > 0) return { kept: undefined, lacking };
  const rename = (name: string): string | undefined => findColumn(table, name)?.name;
  if ('delete' in step) {
    return { kept: { ...step, delete: table.name, where: renamed(step.where, rename) }, lacking };
  }
  const set = renamed(step.set, rename);
  if (Object.keys(set).length === 0) return { kept: undefined, lacking };
  const where = step.where && { where: renamed(step.where, rename) };
  const kept = { ...step, ...where, set, ...(step.table !== undefined && { table: table.name }) };
  return { kept, lacking };
}
