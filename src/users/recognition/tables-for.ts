import type { Preset } from '../preset/preset.ts';
import type { TableNames } from './marks.ts';

/**
 * The tables that may be the preset's users table, and which of its columns have another name there: its own name with
 * whatever prefix if it takes one, a name that forks use, or any name where the columns tell.
 */
export function tablesFor(preset: Preset, tables: TableNames): [string, Record<string, string>][] {
  const bare = preset.table.replace('{p}', '').toLowerCase();
  const names = [bare, ...(preset.forks?.tables ?? [])].map((name) => name.toLowerCase());
  const isPrefixed = preset.table.startsWith('{p}');
  return [...tables]
    .filter(([table, columns]) => {
      const name = table.toLowerCase();
      if (names.includes(name) || (isPrefixed && name.endsWith(`_${bare}`))) return true;
      return preset.anyTableWith !== undefined && hasAll(columns, preset.anyTableWith);
    })
    .map(([table, columns]) => [table, renamedColumns(preset, columns)]);
}

function renamedColumns({ columns: own, forks }: Preset, columns: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [role, names] of Object.entries(forks?.columns ?? {})) {
    const usual = own[role as 'id' | 'name' | 'username' | 'password'];
    if (typeof usual !== 'string' || hasAll(columns, [usual])) continue;
    const other = names.find((name) => hasAll(columns, [name]));
    if (other !== undefined) found[role] = other;
  }
  return found;
}

const hasAll = (columns: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((name) => columns.some((column) => column.toLowerCase() === name.toLowerCase()));
