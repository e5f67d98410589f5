import type { Scalar, User } from '../../types.ts';
import type { Criteria, Criterion } from '../columns/criteria.ts';
import type { Join } from '../preset/preset.ts';
import type { Source, UsersMapping } from '../mapping/users-mapping.ts';

/** Which row of a table is this user's: the id, or the join of the other table. */
export function keyCriteria(mapping: UsersMapping, user: User, source: Source): Criteria {
  const join = source === 'email' ? mapping.emailIn : source === 'password' ? mapping.passwordIn : undefined;
  if (join) return joinCriteria(mapping, user, source, join);
  return [
    { ...criterion(mapping, 'user', mapping.id, user.seen[`user.${mapping.id}`] ?? null), isKey: true },
    ...fixed(mapping, 'user', mapping.siblings),
  ];
}

/** The user's row as it was read: key and every value that a reset depends on. */
export function seenCriteria(mapping: UsersMapping, user: User, source: Source): Criteria {
  const [first, ...rest] = keyCriteria(mapping, user, source);
  const columns = Object.entries(user.seen).filter(([name]) => name.startsWith(`${source}.`));
  const seen = columns.map(([name, value]) =>
    criterion(mapping, source, name.slice(source.length + 1), value),
  );
  return [first, ...rest, ...seen.filter(({ column }) => column !== first.column)];
}

function joinCriteria(mapping: UsersMapping, user: User, source: Source, join: Join): Criteria {
  const owner = user.seen[`user.${join.local}`] ?? null;
  return [
    { ...criterion(mapping, source, join.foreign, owner), isKey: true },
    ...fixed(mapping, source, join.where),
  ];
}

const fixed = (
  mapping: UsersMapping,
  source: Source,
  values: Readonly<Record<string, Scalar>> | undefined,
): Criterion[] =>
  Object.entries(values ?? {}).map(([column, value]) => criterion(mapping, source, column, value));

const criterion = (mapping: UsersMapping, source: Source, column: string, value: Scalar): Criterion => ({
  column,
  value,
  kind: mapping.facts[`${source}.${column}`]?.kind,
});
