import { ResetError } from '../../errors.ts';
import type { Db } from '../connect.ts';
import { describeTable, type ColumnKind, type TableInfo } from '../introspect.ts';

/** A table that is moved: its columns, and a key by which its rows are read in pages. */
export interface MovedTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[];
}

/** The table as it is in both databases. Throws config_invalid where one has a column that the other lacks. */
export async function describeMoved(source: Db, target: Db, name: string): Promise<MovedTable> {
  const [from, to] = [await describeTable(source, name), await describeTable(target, name)];
  if (!from || !to) throw differs(name, name);
  const [old, next] = [namesOf(from), namesOf(to)];
  const odd = [...old.filter((each) => !next.includes(each)), ...next.filter((each) => !old.includes(each))];
  if (odd[0] !== undefined) throw differs(name, `its column ${odd[0]}`);
  return {
    name,
    key: keyOf(to),
    columns: to.columns.map((column) => ({ name: column.name, kind: column.kind })),
  };
}

const namesOf = ({ columns }: TableInfo): string[] => columns.map(({ name }) => name);

/** The shortest unique key whose columns always have a value; an `id` first. */
function keyOf({ columns, unique }: TableInfo): readonly string[] {
  const isFilled = (name: string) => columns.some((column) => column.name === name && !column.nullable);
  const keys = unique
    .filter((key) => key.every(isFilled))
    .toSorted((one, other) => one.length - other.length);
  return keys.find(([name]) => name === 'id') ?? keys[0] ?? columns.map(({ name }) => name);
}

const differs = (table: string, what: string): ResetError =>
  new ResetError(
    'config_invalid',
    `The table ${table} is not the same in both databases: one of them lacks ${what}. Nothing was moved.`,
    { details: { table } },
  );
