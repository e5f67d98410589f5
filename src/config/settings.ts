import { nearest } from '../values/nearest.ts';
import { findConfigFile, readConfigFile } from './file.ts';
import type { Problem } from './problem.ts';
import { KEYS, type ConfigKey } from './schema.ts';

/** What a config file, or a program instead of one, holds: by dotted key. */
export interface Settings {
  readonly values: ReadonlyMap<string, unknown>;
  /** how messages call it */
  readonly source: string;
  /** path of the file, if it is one */
  readonly file: string | undefined;
  /** a module that was not read, because nobody named it */
  readonly passedOver?: string | undefined;
}

/** `file`: the one named; null: none. `settings`: what a program says instead of a file. */
export interface SettingsPlace {
  readonly cwd: string | null;
  readonly file?: string | null | undefined;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What the config file holds, or the program instead of one. Throws config_invalid for a file that can't be read. */
export async function readSettings({ cwd, file: named, settings = {} }: SettingsPlace): Promise<Settings> {
  const found = cwd === null || named === null ? undefined : findConfigFile(cwd, named);
  const { path: file, passedOver } = found ?? {};
  if (file === undefined) return { values: flatten(settings), source: 'settings', file, passedOver };
  return { values: flatten(await readConfigFile(file)), source: `file ${file}`, file, passedOver };
}

/** Nested objects → dotted keys, down to the keys that we know (some hold objects themselves). */
function flatten(content: Record<string, unknown>, prefix = ''): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [part, value] of Object.entries(content)) {
    const name = `${prefix}${part}`;
    if (value === undefined) continue; // a module may say so of what its own environment lacks
    if (!isGroup(name, value)) flat.set(name, value);
    else for (const [inner, leaf] of flatten(value, `${name}.`)) flat.set(inner, leaf);
  }
  return flat;
}

/** An object that holds keys. An empty one that is none of our groups is a key that we do not know. */
function isGroup(name: string, value: unknown): value is Record<string, unknown> {
  if (Object.hasOwn(KEYS, name) || typeof value !== 'object' || value === null || Array.isArray(value))
    return false;
  return Object.keys(value).length > 0 || keysUnder(name).length > 0;
}

const keysUnder = (group: string): string[] => Object.keys(KEYS).filter((key) => key.startsWith(`${group}.`));

/** What is in the file and is not a key. */
export function unknownKeys({ values, source }: Settings): Problem[] {
  const known = Object.entries<ConfigKey<unknown>>(KEYS)
    .filter(([, spec]) => spec.aliasOf === undefined)
    .map(([name]) => name);
  return [...values.keys()]
    .filter((name) => name !== '$schema' && !known.includes(name))
    .map((name) => ({ code: 'unknown_key', key: name, source, message: whyUnknown(name, known) }));
}

function whyUnknown(name: string, known: readonly string[]): string {
  const inner = keysUnder(name).map((key) => key.slice(name.length + 1));
  if (inner.length > 0) return `must be an object that contains ${inner.join(', ')}`;
  const guess = nearest(name, known);
  return guess === undefined ? 'is not a known key' : `is not a known key; did you mean "${guess}"?`;
}
