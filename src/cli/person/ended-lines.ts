import type { EndResult } from '../../flows/access/end-access.ts';
import { describeItem } from './describe-item.ts';

/** What ends, and what is there and cannot be ended, a line each. */
export const linesOf = ({ ended, left }: EndResult): string[] => [
  ...ended.map((item) => `  ${describeItem(item)}`),
  ...left.map((item) => `  not ended: ${describeItem(item)}`),
];

/** What the operator has to know or do besides. */
export const beyondOf = ({ ended, left }: EndResult): string[] => [
  ...new Set([...ended, ...left].flatMap(({ beyond }) => (beyond === null ? [] : [beyond]))),
];
