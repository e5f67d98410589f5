import { statSync, type Stats } from 'node:fs';
import { assertTrusted } from '../values/trusted-path.ts';
import { invalid, text } from './parse.ts';

/** A folder that exists: otherwise the built-in files would be used, and nobody would notice. */
export const existingFolder = (value: unknown): string =>
  existing(value, 'folder', (stats) => stats.isDirectory());

/** A file that exists. */
export const existingFile = (value: unknown): string => existing(value, 'file', (stats) => stats.isFile());

function existing(value: unknown, what: string, isRight: (stats: Stats) => boolean): string {
  const path = text(value);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw invalid(`there is no ${what} ${path}. Correct the path, or create the ${what}`);
  if (!isRight(stats)) throw invalid(`${path} is not a ${what}`);
  assertTrusted(path, `the ${what}`);
  return path;
}
