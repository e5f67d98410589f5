import type { Scalar } from '../../src/types.ts';
import { exampleOf, type ExamplePreset } from './examples.ts';

type Row = Readonly<Record<string, Scalar>>;

/** The address of the second user, which `withNeighbour` adds. */
export const neighbourEmail = 'zoe@example.com';

/**
 * A preset whose example holds a second user beside Susan, with the very same hash: whoever forgets a condition
 * changes both.
 */
export function withNeighbour(preset: ExamplePreset): ExamplePreset {
  const { tables, rows } = exampleOf(preset);
  const { emailIn, passwordIn } = preset;
  const home = written(tables, preset.table);
  const owners = rows[home] ?? [];
  const added: Record<string, Row[]> = {};
  const add = (table: string, row: Row): void => void (added[table] ??= []).push(row);

  for (const row of owners) {
    const other: Record<string, Scalar> = { ...withoutKey(preset, home, row) };
    const put = (name: string | undefined, value: (old: Scalar) => Scalar): void => {
      const column = name === undefined ? '' : written(row, name);
      const old = row[column];
      if (old !== undefined) other[column] = value(old);
    };
    const { id, email, name, username } = preset.columns;
    for (const column of [name, username]) put(column, () => 'zoe');
    if (!emailIn) put(email, () => neighbourEmail);
    for (const column of [id, emailIn?.local, passwordIn?.local]) if (column !== email) put(column, another);
    add(home, other);
  }
  for (const join of [emailIn, passwordIn]) {
    if (!join) continue;
    const keys = owners.map((row) => row[join.local]);
    for (const row of (rows[join.table] ?? []).filter((each) => keys.includes(each[join.foreign] ?? null))) {
      const { email } = preset.columns;
      add(join.table, {
        ...withoutKey(preset, join.table, row),
        [join.foreign]: another(row[join.foreign] ?? null),
        ...(join === emailIn && { [email]: neighbourEmail }),
      });
    }
  }
  const merged = Object.fromEntries(
    Object.keys(tables).map((table) => [table, [...(rows[table] ?? []), ...(added[table] ?? [])]]),
  );
  return { ...preset, example: { ...exampleOf(preset), rows: merged } };
}

/** Without the primary key where the database counts it, with another one where it doesn't. */
function withoutKey(preset: ExamplePreset, table: string, row: Row): Row {
  const [[key = '', type] = []] = Object.entries(exampleOf(preset).tables[table] ?? {});
  if (!(key in row)) return row;
  const rest = Object.entries(row).filter(([column]) => column !== key);
  return Object.fromEntries(type === 'increments' ? rest : [...rest, [key, another(row[key] ?? null)]]);
}

/** A value that nobody in the examples has, of the same kind. */
function another(value: Scalar): Scalar {
  if (typeof value === 'number') return value + 90;
  if (typeof value !== 'string') return value;
  // Long ids fill their columns: UUIDs, and the 24 and 26 characters of Ghost and Mattermost.
  return value.length > 20 ? `${value.slice(0, -1)}f` : `${value}f`;
}

/** A name as the example writes it: PostgreSQL folds Mattermost's to lower case. */
const written = (known: Readonly<Record<string, unknown>>, name: string): string =>
  Object.keys(known).find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
