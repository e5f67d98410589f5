import type { Scalar } from '../../types.ts';
import type { NewValue, StepValue, StepWhere } from '../columns/rules.ts';
import type { AccessKind } from '../store/access-kinds.ts';
import type { AccessEntry } from './entry.ts';

type More = Omit<AccessEntry, 'kind'>;
type RowsOfATable = AccessEntry & Required<Pick<AccessEntry, 'table' | 'where'>>;

/**
 * For a table that holds things of several kinds, which one column tells apart:
 * `const token = sharedTable('tokens', { user_id: '{id}' }, 'action')`, then `token('session', 'session')`.
 */
export const sharedTable =
  (table: string, user: StepWhere, column: string, common: More = {}) =>
  (kind: AccessKind, value: StepValue, more: More = {}): AccessEntry => ({
    kind,
    table,
    where: { ...user, [column]: value },
    ...common,
    ...more,
  });

/** Kept in a column of the user's own row, which says by itself whether it is there. */
export const inColumn = (
  kind: AccessKind,
  column: string,
  more: More & { readonly emptied?: NewValue } = {},
): AccessEntry => {
  const { emptied = null, ...rest } = more;
  return { kind, when: { [column]: { empty: false } }, end: [{ set: { [column]: emptied } }], ...rest };
};

/** Rows that a reset deletes: sessions, remembered browsers. */
export const endedRows = (
  kind: AccessKind,
  table: string,
  where: StepWhere,
  more: Pick<AccessEntry, 'name' | 'since'> = {},
): AccessEntry => ({ kind, table, where, ...more, reset: 'steps' });

/** Rows that the application marks when they end, and keeps. */
export const markedRows = (entry: RowsOfATable, mark: Readonly<Record<string, NewValue>>): AccessEntry => ({
  ...entry,
  end: [{ table: entry.table, set: mark, where: entry.where }],
});

/** A column that asks for a new password at the next sign-in. */
export const mustChangeFlag = (column: string, on: Scalar = true, off: Scalar = false): AccessEntry => ({
  kind: 'must-change',
  when: { [column]: on },
  end: [{ set: { [column]: off } }],
  demand: [{ set: { [column]: on } }],
  reset: 'steps',
});

/** A column that says since when, or until when, a person is kept out; `cleared` ends with it. */
export const lockout = (
  column: string,
  cleared: Readonly<Record<string, NewValue>>,
  more: Pick<AccessEntry, 'since'> = {},
): AccessEntry => ({
  kind: 'lockout',
  when: { [column]: { not: null } },
  ...more,
  end: [{ set: { ...cleared, [column]: null } }],
  reset: 'steps',
});

/** A counter that keeps a person out when it is too high. */
export const failedSignIns = (column: string): AccessEntry => ({
  kind: 'lockout',
  name: 'failed sign-ins',
  when: { [column]: { noneOf: [0, null] } },
  end: [{ set: { [column]: 0 } }],
  reset: 'steps',
});
