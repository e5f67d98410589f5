import type { TableRights } from '../../db/probe-rights.ts';
import type { CheckedAccess } from '../access/check-access.ts';
import type { OnResetStep } from '../preset/preset.ts';
import { conditionColumns, qualify, sourceOf, tableOf, type UsersMapping } from './users-mapping.ts';

interface Use {
  readonly read: Set<string>;
  readonly write: Set<string>;
  isEmptied: boolean;
  isFilled: boolean;
}

/** What a reset does to the application's tables: read the user, write the hash, and run the steps. */
export function neededRights(mapping: UsersMapping): TableRights[] {
  const { uses, of } = startUses();
  noteReading(mapping, of);
  noteWriting(mapping, of);
  for (const step of mapping.onReset) noteStep(mapping, step, of);
  return [...uses].flatMap(([table, use]) => rightsFor(table, use));
}

/** What `access` and `require` do to the application's tables, for entries that are there: read, end, and ask. */
export function accessRights(mapping: UsersMapping, entries: readonly CheckedAccess[]): TableRights[] {
  const { uses, of } = startUses();
  for (const { table, where = {}, when, end, demand, demandRow } of entries) {
    const use = of(qualify(mapping, table ?? mapping.table));
    addAll(use.read, [...Object.keys(where), ...conditionColumns(when)]);
    if (demandRow) use.isFilled = true;
    for (const step of [...end, ...demand]) noteStep(mapping, step, of);
  }
  return [...uses].flatMap(([table, use]) => rightsFor(table, use));
}

type UseOf = (table: string) => Use;

function startUses(): { readonly uses: Map<string, Use>; readonly of: UseOf } {
  const uses = new Map<string, Use>();
  const of = (table: string): Use => {
    const known = uses.get(table) ?? { read: new Set(), write: new Set(), isEmptied: false, isFilled: false };
    uses.set(table, known);
    return known;
  };
  return { uses, of };
}

const addAll = (set: Set<string>, names: Iterable<string>): void => {
  for (const name of names) set.add(name);
};

function noteReading(mapping: UsersMapping, of: UseOf): void {
  const { id, name, username, locale, timeZone, changedAt, activeWhen, refuseWhen, siblings } = mapping;
  const { read } = of(tableOf(mapping, 'user'));
  addAll(
    read,
    [id, name, username, locale, timeZone, changedAt].filter((column) => column !== undefined),
  );
  addAll(read, conditionColumns(activeWhen, ...refuseWhen.map(({ when }) => when)));
  addAll(read, Object.keys(siblings ?? {}));
  for (const join of [mapping.emailIn, mapping.passwordIn]) {
    if (!join) continue;
    read.add(join.local);
    addAll(of(qualify(mapping, join.table)).read, [join.foreign, ...Object.keys(join.where ?? {})]);
  }
  of(tableOf(mapping, sourceOf(mapping, 'email'))).read.add(mapping.email);
}

function noteWriting(mapping: UsersMapping, of: UseOf): void {
  if (mapping.changedAt !== undefined) of(tableOf(mapping, 'user')).write.add(mapping.changedAt);
  const home = of(tableOf(mapping, sourceOf(mapping, 'password')));
  addAll(home.write, Object.values(mapping.password));
  if (mapping.passwordIn?.create) home.isFilled = true;
}

function noteStep(mapping: UsersMapping, step: OnResetStep, of: UseOf): void {
  const table = 'delete' in step ? step.delete : (step.table ?? mapping.table);
  const use = of(qualify(mapping, table));
  if ('delete' in step) use.isEmptied = true;
  else addAll(use.write, Object.keys(step.set));
  addAll(use.read, Object.keys(step.where ?? {}));
}

function rightsFor(table: string, { read, write, isEmptied, isFilled }: Use): TableRights[] {
  return [
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
  ];
}
