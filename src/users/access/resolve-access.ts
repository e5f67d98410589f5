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
}

export interface ResolvedAccess {
  readonly access: readonly MappedAccess[];
  /** every step of a reset */
  readonly onReset: readonly OnResetStep[];
}

/** The preset's entries and the steps of a reset; the operator's `users.onReset` replaces all steps. */
export function resolveAccess(
  preset: Pick<Preset, 'access' | 'onReset'>,
  given: readonly OnResetStep[] | undefined,
  place: Place,
): ResolvedAccess {
  const access = (preset.access ?? []).map((entry) => mapEntry(entry, place));
  if (given) return { access: withGiven(access, given), onReset: given };
  const ending = access.filter(({ reset }) => reset === 'steps').flatMap(({ end }) => end);
  const others = (preset.onReset ?? []).map((step) => mapStep(step, place));
  return { access, onReset: joinOwn([...ending, ...others]) };
}

function mapEntry(entry: AccessEntry, place: Place): MappedAccess {
  const { table, where, kind, demand } = entry;
  const rows = {
    ...(table !== undefined && { table: place.put(table), tie: place.tieOf(table) }),
    ...(where && { where: mapWhere(where, place) }),
    ...(demand && { demand: demand.map((step) => mapStep(step, place)) }),
  };
  const end = (entry.end ?? deletion(entry)).map((step) => {
    const mapped = mapStep(step, place);
    const isRows = 'delete' in mapped && mapped.delete === rows.table;
    return kind === 'session' && isRows ? { ...mapped, sessions: true as const } : mapped;
  });
  return { ...entry, ...rows, end };
}

const deletion = ({ table, where }: AccessEntry): OnResetStep[] =>
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
function withGiven(access: readonly MappedAccess[], given: readonly OnResetStep[]): MappedAccess[] {
  const isGiven = (step: OnResetStep): boolean =>
    given.some((each) => isDeepStrictEqual(bare(each), bare(step)));
  const kept = access.map((entry) => {
    const isLeftOut = entry.reset === 'steps' && !entry.end.every(isGiven);
    return isLeftOut ? { ...entry, reset: undefined } : entry;
  });
  const known = kept.flatMap(({ end }) => end.map(bare));
  const own = given.filter((step) => !known.some((each) => isDeepStrictEqual(each, bare(step))));
  return [...kept, ...own.flatMap(sessionsOf)];
}

const sessionsOf = (step: OnResetStep): MappedAccess[] =>
  'delete' in step && step.sessions
    ? [{ kind: 'session', table: step.delete, where: step.where, end: [step], reset: 'steps' }]
    : [];

/** What a step does, without what we note about it. */
function bare(step: OnResetStep): object {
  if ('delete' in step) return { delete: step.delete, where: step.where };
  return { set: step.set, table: step.table, where: step.where };
}
