import { describeUntransacted } from '../../db/untransacted-tables.ts';
import type { UsersMapping } from './users-mapping.ts';

/** What the operator should know about these tables before the first reset, one sentence each. */
export function tableWarnings({ untransacted }: UsersMapping): string[] {
  return untransacted.map(
    (each) =>
      `${describeUntransacted([each])} cannot be rolled back: a reset that fails halfway may leave changes behind.`,
  );
}
