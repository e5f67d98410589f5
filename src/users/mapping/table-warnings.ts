import { describeUntransacted } from '../../db/untransacted-tables.ts';
import { describeUnused, findUnusedState, remedyFor } from './unused-state.ts';
import type { UsersMapping } from './users-mapping.ts';

/** What the operator should know about these tables before the first reset, one sentence each. */
export function tableWarnings(mapping: UsersMapping): string[] {
  return [
    ...mapping.untransacted.map(
      (each) =>
        `${describeUntransacted([each])} cannot be rolled back: a reset that fails halfway may leave changes behind.`,
    ),
    ...findUnusedState(mapping).map(
      (each) => `${capitalize(describeUnused(each))}. If so, ${remedyFor(each)}.`,
    ),
  ];
}

const capitalize = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
