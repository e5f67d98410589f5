import { isDeepStrictEqual } from 'node:util';
import { isLookup } from '../columns/step.ts';
import type { Preset } from '../preset/preset.ts';
import type { OnResetStep, StepValue, StepWhere, Tie } from '../columns/rules.ts';
import type { AccessEntry } from './entry.ts';

/** What a preset's names become on this site. */
export interface Place {
  /** the name of a table with the site's prefix */
  readonly put: (name: string) => string;
  /** how that table is known to be about these users */
  readonly tieOf: (name: string) => Tie;
}

/** An entry with the names of this site, and its default end written out. */
export interface MappedAccess extends Omit<AccessEntry, 'end' | 'reset' | 'demandRow'> {
  readonly reset?: AccessEntry['reset'] | undefined;
  readonly demandRow?: AccessEntry['demandRow'] | undefined;
  readonly end: readonly OnResetStep[];
  readonly tie?: Tie | undefined;
  /** of `users.access` */
  readonly isOwn?: true;
}

export interface ResolvedAccess {
  readonly access: readonly MappedAccess[];
  /** every step of a reset */
  readonly onReset: readonly OnResetStep[];
}

/**
 * The preset's entries and the operator's beside them, and the steps of a reset; the operator's `users.onReset` replaces
 * all steps of the preset.
 */
export function resolveAccess(
  preset: Pick<Preset, 'access' | 'onReset'>,
  { onReset: given, access: own }: Given,
  place: Place,
): ResolvedAccess {
  const access = (preset.access ?? []).map((entry) => mapEntry(entry, place));
  if (given) {
    const steps = endingOf(own).filter((step) => !given.some((each) => isSame(each, step)));
    return { access: [...withGiven(access, given, own), ...own], onReset: joinOwn([...given, ...steps]) };
  }
  const others = (preset.onReset ?? []).map((step) => mapStep(step, place));
  const onReset = joinOwn([...endingOf(access), ...others, ...endingOf(own)]);
  return { access: [...access, ...own], onReset };
}

/** What the operator says. */
interface Given {
  readonly onReset: readonly OnResetStep[] | undefined;
  readonly access: readonly MappedAccess[];
}

const endingOf = (access: readonly MappedAccess[]): OnResetStep[] =>
  access.filter(({ reset }) => reset === 'steps').flatMap(({ end }) => end);

function mapEntry(entry: AccessEntry, place: Place): MappedAccess {
  const { table, where, kind, demand } = entry;
  const rows = {
    ...(table !== undefined && { table: place.put(table), tie: place.tieOf(table) }),
    ...(where && { where: mapWhere(where, place) }),
    ...(demand && { demand: demand.map((step) => mapStep(step, place)) }),
  };
  const end = (entry.end ?? deletion(entry)).map((step) =>
    markSessions({ kind, table: rows.table }, mapStep(step, place)),
  );
  return { ...entry, ...rows, end };
}

/** Rows of sessions are reported when they are deleted. */
export function markSessions(
  { kind, table }: { readonly kind: AccessEntry['kind']; readonly table?: string | undefined },
  step: OnResetStep,
): OnResetStep {
  const isRows = 'delete' in step && step.delete === table;
  return kind === 'session' && isRows ? { ...step, sessions: true } : step;
}

export const deletion = ({ table, where }: AccessEntry): OnResetStep[] =>
  table === undefined || !where ? [] : [{ delete: table, where }];

function mapStep(step: OnResetStep, place: Place): OnResetStep {
  if ('delete' in step) {
    const { delete: table, where } = step;
    return { ...step, delete: place.put(table), where: mapWhere(where, place), tie: place.tieOf(table) };
  }
  const { table } = step;
  return {
    ...step,
    ...(step.where && { where: mapWhere(step.where, place) }),
    ...(table !== undefined && { table: place.put(table), tie: place.tieOf(table) }),
  };
}

const mapWhere = (where: StepWhere, place: Place): StepWhere =>
  Object.fromEntries(Object.entries(where).map(([column, value]) => [column, mapValue(value, place)]));

function mapValue(value: StepValue, place: Place): StepValue {
  if (typeof value === 'string') return place.put(value);
  return isLookup(value) ? { ...value, in: place.put(value.in) } : value;
}

/** Several writes to the user's own row become one. */
function joinOwn(steps: readonly OnResetStep[]): OnResetStep[] {
  const isOwn = (step: OnResetStep): boolean => 'set' in step && step.table === undefined && !step.where;
  const own = steps.filter(isOwn);
  if (own.length < 2) return [...steps];
  const set = Object.assign({}, ...own.map((step) => ('set' in step ? step.set : {}))) as object;
  return [{ set: { ...set } }, ...steps.filter((step) => !isOwn(step))];
}

/** With steps of the operator's own, a reset ends what they end, and no more; their sessions are entries, too. */
function withGiven(
  access: readonly MappedAccess[],
  given: readonly OnResetStep[],
  others: readonly MappedAccess[],
): MappedAccess[] {
  const isGiven = (step: OnResetStep): boolean => given.some((each) => isSame(each, step));
  const kept = access.map((entry) => {
    const isLeftOut = entry.reset === 'steps' && !entry.end.every(isGiven);
    return isLeftOut ? { ...entry, reset: undefined } : entry;
  });
  const known = [...kept, ...others].flatMap(({ end }) => end);
  const own = given.filter((step) => !known.some((each) => isSame(each, step)));
  return [...kept, ...own.flatMap(sessionsOf)];
}

const sessionsOf = (step: OnResetStep): MappedAccess[] =>
  'delete' in step && step.sessions
    ? [{ kind: 'session', table: step.delete, where: step.where, end: [step], reset: 'steps' }]
    : [];

const isSame = (one: OnResetStep, other: OnResetStep): boolean => isDeepStrictEqual(bare(one), bare(other));

/** What a step does, without what we note about it. */
function bare(step: OnResetStep): object {
  if ('delete' in step) return { delete: step.delete, where: step.where };
  return { set: step.set, table: step.table, where: step.where };
}
