import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ResetError } from '../errors.ts';
import { formatNumber, selectPlural } from './format.ts';
import { listFolders } from './template-folders.ts';
import { readLocaleFile, type Entry } from './locale-file.ts';
import { OLDER_KEYS } from './older-keys.ts';

/** What fills the placeholders of a sentence: numbers are written as the language writes them. */
export type Params = Readonly<Record<string, string | number>>;

/** Every sentence of mails and pages, one file a language. */
export interface Catalogue {
  /** the languages that have a file, sorted */
  readonly available: readonly string[];
  /** `ltr` or `rtl`, as the language's file says */
  direction(locale: string): 'ltr' | 'rtl';
  /** the sentences that this language lacks, so that they are said in English */
  missing(locale: string): readonly string[];
  /** One sentence with its placeholders filled. Throws `config_invalid` for a key that no file has. */
  translate(locale: string, key: string, params?: Params): string;
}

/** Sentences that a further language lacks are said in this one. */
const fallback = 'en';

// FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE: a Latin name inside Arabic keeps its own order.
const isolate = (text: string): string => `\u2068${text}\u2069`;

function listLocales(folders: readonly string[]): readonly string[] {
  const names = folders.flatMap((folder) => {
    try {
      return readdirSync(join(folder, 'locales'));
    } catch {
      return []; // an operator's folder need not hold any language
    }
  });
  const locales = names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
  return [...new Set(locales)].sort();
}

function choosePlural(locale: string, entry: Entry, params: Params): string {
  if (typeof entry === 'string') return entry;
  const count = params[entry.by];
  const category = typeof count === 'number' ? selectPlural(locale, count) : 'other';
  return entry[category] ?? entry.other;
}

/** If a file has only the older sentence, it is used for the new ones as well. */
function withNewKeys(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
  const completed = new Map(entries);
  for (const [key, older] of OLDER_KEYS) {
    const entry = completed.get(key) ?? completed.get(older);
    if (entry !== undefined) completed.set(key, entry);
  }
  return completed;
}

/** Reads a language's file at its first sentence and keeps it. `overrides`: the operator's folder. */
export function createCatalogue(overrides?: string): Catalogue {
  const folders = listFolders(overrides);
  const files = new Map<string, ReadonlyMap<string, Entry>>();
  const read = (locale: string): ReadonlyMap<string, Entry> => {
    const known = files.get(locale);
    if (known !== undefined) return known;
    const own = folders.map((folder) => withNewKeys(readLocaleFile(folder, locale)));
    const merged = new Map(own.reverse().flatMap((entries) => [...entries]));
    files.set(locale, merged);
    return merged;
  };
  const find = (locale: string, key: string): Entry => {
    const entry = read(locale).get(key) ?? read(fallback).get(key);
    if (entry !== undefined) return entry;
    throw new ResetError(
      'config_invalid',
      `No language has the sentence ${JSON.stringify(key)}. Check your templates.`,
    );
  };
  const direction = (locale: string): 'ltr' | 'rtl' => (find(locale, 'direction') === 'rtl' ? 'rtl' : 'ltr');
  const translate = (locale: string, key: string, params: Params = {}): string => {
    const sentence = choosePlural(locale, find(locale, key), params);
    if (!sentence.includes('{')) return sentence;
    const isRtl = direction(locale) === 'rtl';
    return sentence.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      if (value === undefined) return placeholder;
      const text = typeof value === 'number' ? formatNumber(locale, value) : value;
      return isRtl ? isolate(text) : text;
    });
  };
  const missing = (locale: string): readonly string[] => {
    const known = read(locale);
    return [...read(fallback).keys()].filter((key) => !known.has(key));
  };
  return { available: listLocales(folders), direction, missing, translate };
}
