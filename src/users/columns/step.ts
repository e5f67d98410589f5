import { IDENTIFIERS, isIdentifier } from './identifier.ts';
import type { Lookup, OnResetStep, StepValue, StepWhere } from './rules.ts';

/** Tables of reset's own, which no application means: they hold the links, the mails and the audit. */
const OURS =
  /^reset_(?:outbox|tokens|audit|throttle|batches|rate|smoke|locks|suppressed|intents|migrations|migrations_lock)$/i;

/** Stands for the user in a `where` of a step. */
export const PLACEHOLDER = /\{(id|email|username)\}/g;

export const isLookup = (value: StepValue): value is Lookup =>
  typeof value === 'object' && value !== null && 'in' in value;

const hasPlaceholder = (value: StepValue): boolean => {
  if (typeof value === 'string') return value.search(PLACEHOLDER) !== -1;
  if (typeof value !== 'object' || value === null) return false;
  return 'in' in value ? namesUser(value.where) : hasPlaceholder(value.startsWith);
};

/** Does this `where` name the user? Without it, a step would change everybody's rows (R74). */
export const namesUser = (where: StepWhere | undefined): boolean =>
  Object.values(where ?? {}).some(hasPlaceholder);

const tableOf = (step: OnResetStep): string | undefined => ('delete' in step ? step.delete : step.table);
const setBy = (step: OnResetStep): string[] => ('set' in step ? Object.keys(step.set) : []);

const lookupsIn = (where: StepWhere | undefined): Lookup[] => Object.values(where ?? {}).filter(isLookup);

/** Every name of a table or column. */
const namesIn = (step: OnResetStep): string[] => [
  ...[tableOf(step) ?? []].flat(),
  ...setBy(step),
  ...Object.keys(step.where ?? {}),
  ...lookupsIn(step.where).flatMap((each) => [each.in, each.column, ...Object.keys(each.where)]),
];

/** Why this step cannot run, if so. `own` are the columns that a reset itself decides about. */
export function checkStep(step: OnResetStep, own: readonly string[]): string[] {
  const problems: string[] = [];
  const [table, set] = [tableOf(step), setBy(step)];
  const bad = namesIn(step).filter((name) => !isIdentifier(name));
  if (bad.length > 0) problems.push(`names ${JSON.stringify(bad)}: only ${IDENTIFIERS}`);
  if ([table ?? []].flat().some((name) => OURS.test(name)))
    problems.push(`names ${String(table)}, a table of reset's own`);
  if (table !== undefined && !namesUser(step.where)) {
    problems.push(
      `must name the user in "where": {id}, {email} or {username}; otherwise it would touch everybody's rows`,
    );
  }
  const taken = table === undefined ? set.filter((name) => own.includes(name)) : [];
  if (taken.length > 0) problems.push(`sets ${taken.join(', ')}, which the reset itself writes`);
  if ('set' in step && set.length === 0) problems.push('sets nothing');
  return problems;
}
