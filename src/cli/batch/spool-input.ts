import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ResetError } from '../../errors.ts';
import type { PeopleFile } from '../../flows/batch/batch-request.ts';
import { STDIN } from '../../flows/batch/batch-request.ts';
import { makeTemporaryFolder } from '../../values/temporary-folder.ts';

export interface Input {
  readonly file: PeopleFile;
  readonly remove: () => Promise<void>;
}

const STDIN_PATHS: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** Both from standard input: the second would find nothing. Throws usage_invalid. */
export function assertOneStdin(...paths: readonly (string | undefined)[]): void {
  if (paths.filter((path) => STDIN_PATHS.has(path ?? '')).length < 2) return;
  throw new ResetError(
    'usage_invalid',
    '--file and --exclude cannot both come from standard input. Give one of them as a file.',
  );
}

/**
 * A file of people, which is read more than once: to know it again, and to plan. What can be read only once, such as
 * standard input, a pipe or `<(…)`, is copied first; only we may read the copy (R80).
 *
 * @throws usage_invalid for what is not there, or a folder
 */
export async function openInput(path: string): Promise<Input> {
  if (STDIN_PATHS.has(path)) return spool(process.stdin, STDIN);
  const facts = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (facts.isFile()) return { file: { path, name: path }, remove: () => Promise.resolve() };
  if (facts.isDirectory()) {
    throw new ResetError('usage_invalid', `${path} is a folder. Give a file of addresses.`);
  }
  return spool(createReadStream(path), path);
}

async function spool(source: NodeJS.ReadableStream, name: string): Promise<Input> {
  const folder = makeTemporaryFolder('reset-');
  const path = join(folder, 'people');
  const removeNow = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeNow); // Ctrl-C while it is planned ends the process at once
  const remove = async () => {
    process.off('exit', removeNow);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await pipeline(source, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    await remove();
    throw unreadable(name, error);
  }
  return { file: { path, name }, remove };
}

function unreadable(name: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new ResetError('usage_invalid', `${name} can't be read (${code}).`, { cause: error });
}
