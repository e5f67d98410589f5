import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ResetError } from '../errors.ts';

/** src/render and dist/render are both two levels below the package. */
const ownFolder = fileURLToPath(new URL('../../templates', import.meta.url));

/** Names with `/` between plain words: no `..`, no absolute path, no dot-file. */
const templateName = /^[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)*(?:\/[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)*)*$/i;

/** One file of the templates, with the path that messages to the operator name. */
export interface TemplateFile {
  readonly path: string;
  readonly source: string;
}

/** The folders in which a file is looked for, the operator's first (R71: nothing outside them is ever read). */
export const listFolders = (overrides: string | undefined): readonly string[] =>
  overrides === undefined ? [ownFolder] : [overrides, ownFolder];

/** Reads `name` from the first folder that has it. Throws `config_invalid` when none has, or it can't be read. */
export function readTemplateFile(folders: readonly string[], name: string): TemplateFile {
  if (!templateName.test(name)) {
    throw new ResetError('config_invalid', `${JSON.stringify(name)} is not the name of a template.`);
  }
  const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new ResetError('config_invalid', `There is no template ${name} in ${folders.join(' or ')}.`);
  }
  try {
    return { path, source: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw new ResetError('config_invalid', `The template ${path} cannot be read. Check its owner and mode.`, {
      cause,
    });
  }
}
