import { IDENTIFIERS, isIdentifier } from './identifier.ts';
import type { OnResetStep } from '../preset.ts';

/** Tables of reset's own, which no application means: they hold the links, the mails and the audit. */
const OURS = /^reset_(?:outbox|tokens|audit|throttle|batches|rate|smoke|locks|migrations|migrations_lock)$/i;

/** Stands for the user in a `where` of a step. */
export const PLACEHOLDER = /\{(id|email|username)\}/g;

/** Does this `where` name the user? Without it, a step would change everybody's rows (R74). */
export const namesUser = (where: Readonly<Record<string, unknown>> | undefined): boolean =>
  Object.values(where ?? {}).some((value) => typeof value === 'string' && value.search(PLACEHOLDER) !== -1);

const tableOf = (step: OnResetStep): string | undefined => ('delete' in step ? step.delete : step.table);
const setBy = (step: OnResetStep): string[] => ('set' in step ? Object.keys(step.set) : []);

/** Every name of a table or column. */
const namesIn = (step: OnResetStep): string[] => [
  ...[tableOf(step) ?? []].flat(),
  ...setBy(step),
  ...Object.keys(step.where ?? {}),
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
