import type { Db } from '../../db/connect.ts';
import { ResetError } from '../../errors.ts';
import type { Scalar, User } from '../../types.ts';
import { whereAll, type Criteria, type Criterion } from '../columns/criteria.ts';
import { describeValue, makeValue } from '../columns/new-value.ts';
import type { NewValue, OnResetStep } from '../preset.ts';
import { keyCriteria } from './row-criteria.ts';
import { namesUser, PLACEHOLDER } from '../columns/step.ts';
import { qualify, sourceOf, tableOf, type UsersMapping } from '../mapping/users-mapping.ts';

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
  for (const step of mapping.onReset) sessionsEnded += await runStep(trx, mapping, step, user, now);
  return { sessionsEnded };
}

/** One of these steps for one user; gives how many rows of a session table were deleted. */
export async function runStep(
  trx: Db,
  mapping: UsersMapping,
  step: OnResetStep,
  user: User,
  now: number,
): Promise<number> {
  if ('delete' in step) {
    const query = whereAll(trx, trx(qualify(mapping, step.delete)), stepCriteria(step, user));
    const deleted: number = await query.delete();
    return step.sessions ? deleted : 0;
  }
  const criteria = step.table === undefined ? ownCriteria(mapping, step, user) : stepCriteria(step, user);
  const query = whereAll(trx, trx(qualify(mapping, step.table ?? mapping.table)), criteria);
  await query.update(newValues(trx, step.set, now));
  return 0;
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

function explainStep(mapping: UsersMapping, step: OnResetStep): string {
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

function equals([column, value]: readonly [string, Scalar]): string {
  if (value === null) return `${column} is null`;
  if (typeof value !== 'string') return `${column} = ${String(value)}`;
  const open = value.replace(PLACEHOLDER, '<$1>');
  return /^<\w+>$/.test(open) ? `${column} = ${open}` : `${column} = '${open}'`;
}

const newValues = (trx: Db, set: Readonly<Record<string, NewValue>>, now: number) =>
  Object.fromEntries(
    Object.entries(set).map(([column, value]) => [column, makeValue(trx, column, value, now)]),
  );

/** The user's own row, which `where` may narrow (only when it is locked, say). */
const ownCriteria = (mapping: UsersMapping, step: OnResetStep, user: User): Criteria => [
  ...keyCriteria(mapping, user, 'user'),
  ...Object.entries(step.where ?? {}).map(([column, value]) => criterion(column, value, user)),
];

/** The user's rows in another table; a step that does not name the user is refused before it can run (R74). */
function stepCriteria(step: OnResetStep, user: User): Criteria {
  const [first, ...rest] = Object.entries(step.where ?? {}).map(([column, value]) =>
    criterion(column, value, user),
  );
  if (!first || !namesUser(step.where)) {
    throw new ResetError('config_invalid', 'A step of users.onReset does not name the user in "where".');
  }
  return [first, ...rest];
}

function criterion(column: string, value: Scalar, user: User): Criterion {
  if (typeof value !== 'string') return { column, value };
  const filled = value.replace(PLACEHOLDER, (_, part: 'id' | 'email' | 'username') => {
    const known = user[part];
    if (typeof known === 'string') return known;
    throw new ResetError(
      'config_invalid',
      `A step of users.onReset needs {${part}}, and the users table has none.`,
    );
  });
  return { column, value: filled, isKey: true };
}
