import type { TableRights } from '../../db/probe-rights.ts';
import { conditionColumns, qualify, sourceOf, tableOf, type UsersMapping } from './users-mapping.ts';

/** What a reset does to the application's tables: read the user, write the hash, and run the steps. */
export function neededRights(mapping: UsersMapping): TableRights[] {
  const rights = new Map<
    string,
    { read: Set<string>; write: Set<string>; isEmptied: boolean; isFilled: boolean }
  >();
  const of = (table: string) => {
    const known = rights.get(table) ?? {
      read: new Set(),
      write: new Set(),
      isEmptied: false,
      isFilled: false,
    };
    rights.set(table, known);
    return known;
  };
  const own = of(tableOf(mapping, 'user'));
  for (const column of [mapping.id, mapping.name, mapping.username, mapping.locale, mapping.changedAt])
    if (column !== undefined) own.read.add(column);
  const conditions = [mapping.activeWhen, ...mapping.refuseWhen.map(({ when }) => when)];
  for (const column of [...conditionColumns(...conditions), ...Object.keys(mapping.siblings ?? {})])
    own.read.add(column);
  for (const join of [mapping.emailIn, mapping.passwordIn]) {
    if (!join) continue;
    own.read.add(join.local);
    for (const column of [join.foreign, ...Object.keys(join.where ?? {})])
      of(qualify(mapping, join.table)).read.add(column);
  }
  if (mapping.changedAt !== undefined) own.write.add(mapping.changedAt);
  of(tableOf(mapping, sourceOf(mapping, 'email'))).read.add(mapping.email);
  for (const column of Object.values(mapping.password))
    of(tableOf(mapping, sourceOf(mapping, 'password'))).write.add(column);
  if (mapping.passwordIn?.create) of(tableOf(mapping, 'password')).isFilled = true;
  for (const step of mapping.onReset) {
    if ('delete' in step) of(qualify(mapping, step.delete)).isEmptied = true;
    else
      for (const column of Object.keys(step.set))
        of(qualify(mapping, step.table ?? mapping.table)).write.add(column);
    const where = of(qualify(mapping, 'delete' in step ? step.delete : (step.table ?? mapping.table)));
    for (const column of Object.keys(step.where ?? {})) where.read.add(column);
  }
  return [...rights].flatMap(([table, { read, write, isEmptied, isFilled }]): TableRights[] => [
    {
      table,
      rights: [
        'select',
        ...(isFilled ? (['insert'] as const) : []),
        ...(isEmptied ? (['delete'] as const) : []),
      ],
      columns: [...read, ...write],
    },
    ...(write.size === 0 ? [] : [{ table, rights: ['update'] as const, columns: [...write] }]),
  ]);
}
