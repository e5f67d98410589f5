import { readFile } from 'node:fs/promises';
import { ResetError } from '../errors.ts';
import { foldCase } from './fold-case.ts';
import { MAX_RAW_BYTES } from './policy-rule.ts';

/** The operator's own refused passwords (`password.blocklist`), one per line, in the form that the rules compare. */
export async function loadBlocklist(path: string): Promise<ReadonlySet<string>> {
  const lines = (await readWords(path)).split(/\r?\n/);
  return new Set(lines.filter((line) => line.trim() !== '' && line.length <= MAX_RAW_BYTES).map(foldCase));
}

async function readWords(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ResetError('config_invalid', `The list of refused passwords, ${path}, cannot be read.`, {
      cause,
    });
  }
}
