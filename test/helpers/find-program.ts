import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isExecutable } from '../../src/values/file-access.ts';

/** The path of a program, also of one that only administrators have in their PATH. */
export function findProgram(program: string): string | undefined {
  if (program.includes('/')) return isExecutable(program) ? program : undefined;
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/sbin',
    ...postgresFolders(),
  ];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** Debian keeps each version of PostgreSQL in a folder of its own; the newest comes first. */
function postgresFolders(): string[] {
  const home = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(home).sort((one, other) => Number(other) - Number(one));
    return versions.map((version) => join(home, version, 'bin'));
  } catch {
    return [];
  }
}
