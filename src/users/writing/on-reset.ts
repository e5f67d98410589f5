import type { Db } from '../../db/connect.ts';
import type { User } from '../../types.ts';
import { describeValue } from '../columns/new-value.ts';
import { isLookup, PLACEHOLDER } from '../columns/step.ts';
import { qualify, sourceOf, tableOf, type UsersMapping } from '../mapping/users-mapping.ts';
import type { OnResetStep, StepValue } from '../columns/rules.ts';
import { runStep } from './run-step.ts';

/**
 * Everything else that changes with a password: tokens, lock counters, sessions. Runs in the transaction that
 * writes the password, so a step that fails takes the new password back.
 *
 * @returns how many rows of session tables were deleted
 */
export async function runOnReset(
  trx: Db,
  mapping: UsersMapping,
  user: User,
  now: number,
): Promise<{ sessionsEnded: number }> {
  let sessionsEnded = 0;
  for (const step of mapping.onReset) {
    const count = await runStep(trx, mapping, step, user, now);
    if ('delete' in step && step.sessions) sessionsEnded += count;
  }
  return { sessionsEnded };
}

/** The statements of a reset as SQL with the user left open, for `reset presets NAME`. */
export function explainOnReset(mapping: UsersMapping): string[] {
  const home = sourceOf(mapping, 'password');
  const sets = Object.values(mapping.password).map((column) => `${column} = <new hash>`);
  if (mapping.changedAt !== undefined && !mapping.passwordIn) sets.push(`${mapping.changedAt} = <now>`);
  const owner = mapping.passwordIn
    ? [`${mapping.passwordIn.foreign} = <${mapping.passwordIn.local}>`]
    : [`${mapping.id} = <id>`];
  const fixed = Object.entries({ ...mapping.passwordIn?.where, ...mapping.siblings }).map(equals);
  const where = [...owner, ...fixed, '<hash, address and state are still what they were>'];
  return [
    `update ${tableOf(mapping, home)} set ${sets.join(', ')} where ${where.join(' and ')}`,
    ...explainMissingRow(mapping),
    ...(mapping.changedAt !== undefined && mapping.passwordIn
      ? [`update ${tableOf(mapping, 'user')} set ${mapping.changedAt} = <now> where ${mapping.id} = <id>`]
      : []),
    ...(mapping.siblings
      ? [
          `update ${tableOf(mapping, home)} set ${sets.join(', ')} where ${mapping.id} = <id> and not (${Object.entries(mapping.siblings).map(equals).join(' and ')})`,
        ]
      : []),
    ...mapping.onReset.map((step) => explainStep(mapping, step)),
  ];
}

function explainMissingRow({ passwordIn, password, ...mapping }: UsersMapping): string[] {
  if (!passwordIn?.create) return [];
  const values = {
    ...Object.fromEntries(
      Object.entries({ ...passwordIn.create, ...passwordIn.where }).map(([column, value]) => [
        column,
        value === '{id}' ? '<id>' : describeValue(column, value),
      ]),
    ),
    [passwordIn.foreign]: `<${passwordIn.local}>`,
    ...Object.fromEntries(Object.values(password).map((column) => [column, '<new hash>'])),
  };
  return [
    `or, where there is no such row: insert into ${qualify(mapping, passwordIn.table)} (${Object.keys(values).join(', ')}) values (${Object.values(values).join(', ')})`,
  ];
}

export function explainStep(mapping: UsersMapping, step: OnResetStep): string {
  const isOwn = 'set' in step && step.table === undefined;
  const where = [
    ...(isOwn ? [`${mapping.id} = <id>`] : []),
    ...Object.entries(step.where ?? {}).map(equals),
  ].join(' and ');
  if ('delete' in step) return `delete from ${qualify(mapping, step.delete)} where ${where}`;
  const sets = Object.entries(step.set).map(
    ([column, value]) => `${column} = ${describeValue(column, value)}`,
  );
  return `update ${qualify(mapping, step.table ?? mapping.table)} set ${sets.join(', ')} where ${where}`;
}

function equals([column, value]: readonly [string, StepValue]): string {
  if (isLookup(value)) {
    const where = Object.entries(value.where).map(equals).join(' and ');
    return `${column} in (select ${value.column} from ${value.in} where ${where})`;
  }
  if (typeof value === 'object' && value !== null) return `${column} starts with '${open(value.startsWith)}'`;
  if (value === null) return `${column} is null`;
  if (typeof value !== 'string') return `${column} = ${String(value)}`;
  const opened = open(value);
  return /^<\w+>$/.test(opened) ? `${column} = ${opened}` : `${column} = '${opened}'`;
}

const open = (value: string): string => value.replace(PLACEHOLDER, '<$1>');
