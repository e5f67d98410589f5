import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResetError } from '../errors.ts';
import { assertOperatorsFile } from './template-folders.ts';

/** Forms of a sentence by plural category (`one`, `few`, `other` …); `by` names the placeholder that counts. */
export type Plural = { readonly by: string; readonly other: string } & Readonly<
  Partial<Record<Intl.LDMLPluralRule, string>>
>;

/** A sentence, or its plural forms. */
export type Entry = string | Plural;

const isPlural = (value: unknown): value is Plural =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((form) => typeof form === 'string') &&
  Object.hasOwn(value, 'by') &&
  Object.hasOwn(value, 'other');

/** The sentences of `locales/<locale>.json` in one folder; none when there is no such file. */
export function readLocaleFile(folder: string, locale: string): ReadonlyMap<string, Entry> {
  const path = join(folder, 'locales', `${locale}.json`);
  if (!existsSync(path)) return new Map();
  assertOperatorsFile(folder, path, 'The language file');
  try {
    const entries = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>);
    return new Map(
      entries.map(([key, value]) => {
        if (typeof value === 'string' || isPlural(value)) return [key, value];
        throw new ResetError(
          'config_invalid',
          `${JSON.stringify(key)} is neither text nor a set of plural forms with "by".`,
        );
      }),
    );
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw new ResetError('config_invalid', `The language file ${path} is not usable: ${why}`, { cause });
  }
}
