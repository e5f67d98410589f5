import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResetError } from '../errors.ts';
import { inPackage } from '../values/package-folder.ts';
import { assertTrusted } from '../values/trusted-path.ts';

const ownFolder = inPackage('templates');

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

/** A template is code, and a sentence stands in mails: nobody but the operator may have written it. */
export function assertOperatorsFile(folder: string, path: string, what: string): void {
  if (folder !== ownFolder) assertTrusted(path, what);
}

/** Reads `name` from the first folder that has it. Throws `config_invalid` when none has, or it can't be read. */
export function readTemplateFile(folders: readonly string[], name: string): TemplateFile {
  if (!templateName.test(name)) {
    throw new ResetError('config_invalid', `${JSON.stringify(name)} is not the name of a template.`);
  }
  const folder = folders.find((candidate) => existsSync(join(candidate, name)));
  if (folder === undefined) {
    throw new ResetError('config_invalid', `There is no template ${name} in ${folders.join(' or ')}.`);
  }
  const path = join(folder, name);
  assertOperatorsFile(folder, path, 'The template');
  try {
    return { path, source: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw new ResetError('config_invalid', `The template ${path} cannot be read. Check its owner and mode.`, {
      cause,
    });
  }
}
