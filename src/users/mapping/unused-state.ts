import type { ColumnKind } from '../../db/introspect.ts';
import type { Condition } from '../preset/preset.ts';
import { conditionColumns, type UsersMapping } from './users-mapping.ts';

/** A column that looks as if it said who may sign in, and that nothing here reads. */
export interface UnusedState {
  readonly column: string;
  /** what it would be for users who may sign in; undefined where that cannot be guessed */
  readonly condition: Condition | undefined;
}

/** Names without underscores and in lower case. */
const YES =
  /^(is)?(active|activated|enabled|approved|published|accountnonlocked|accountenabled|canlogin|loginallowed)$/;
const NO =
  /^(is|account)?(disabled|inactive|deactivated|deleted|removed|banned|block|blocked|suspended|locked|archived|frozen|terminated|prohibitlogin)$/;
const SINCE =
  /^(disabled|inactive|deactivated|deleted|delete|removed|banned|blocked|suspended|locked|archived|discarded|frozen|terminated|closed)(at|on|date|time)$/;
const UNTIL = /^(disabled|banned|blocked|suspended|locked|lockout)(until|till|end)$/;
const STATE = /^(user|account|member)?(status|state)$/;

/** Columns of the users table that neither `users.active` nor anything else of the mapping uses. */
export function findUnusedState(mapping: UsersMapping): UnusedState[] {
  const used = new Set([
    ...conditionColumns(mapping.activeWhen, mapping.siblings, ...mapping.refuseWhen.map(({ when }) => when)),
    ...mapping.onReset.flatMap((step) =>
      'set' in step && step.table === undefined ? Object.keys(step.set) : [],
    ),
    ...(mapping.preset.harmless ?? []),
  ]);
  return Object.entries(mapping.facts)
    .filter(([fact]) => fact.startsWith('user.'))
    .map(([fact, { kind }]) => ({ column: fact.slice('user.'.length), kind }))
    .filter(({ column }) => !used.has(column))
    .flatMap(({ column, kind }) => guessState(column, kind) ?? []);
}

/** Does the name look right, and which value would active users have? */
export function guessState(column: string, kind: ColumnKind): UnusedState | undefined {
  const name = column.toLowerCase().replaceAll('_', '');
  if (YES.test(name)) return { column, condition: true };
  if (NO.test(name)) return { column, condition: kind === 'time' ? null : false };
  if (SINCE.test(name)) return { column, condition: null };
  if (UNTIL.test(name)) return { column, condition: { past: true } };
  return STATE.test(name) ? { column, condition: undefined } : undefined;
}

/** One sentence for the operator. */
export const describeUnused = ({ column }: UnusedState): string =>
  `the column ${column} looks as if it says who may sign in, and users.active does not use it: such people would get links`;

/** What to write into the configuration. */
export const remedyFor = ({ column, condition }: UnusedState): string =>
  condition === undefined
    ? `set users.active to { ${JSON.stringify(column)}: the value of active users }`
    : `set users.active to { ${JSON.stringify(column)}: ${JSON.stringify(condition)} }, and any other condition with it`;
