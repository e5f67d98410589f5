import { dirname } from 'node:path';
import { isResetError, ResetError } from '../errors.ts';
import type { Config } from './config.ts';
import { toConfig } from './config.ts';
import type { Environment } from './environment.ts';
import { firstSet, flaskMailUrl, readDotEnv } from './environment.ts';
import { findConfigFile, readConfigFile } from './file.ts';
import { nearest } from './nearest.ts';
import type { ConfigKey, KeyName, Values } from './schema.ts';
import { KEYS } from './schema.ts';

/** What a caller may give: flags by key (`{ 'mail.url': 'smtp://…' }`), and where to look for the rest. */
export interface LoadOptions {
  readonly flags?: Readonly<Partial<Record<KeyName, unknown>>>;
  readonly env?: Environment;
  /** the working directory; null: look for no file and no `.env` */
  readonly cwd: string | null;
  /** `--config FILE`; null: none, even if there is one */
  readonly file?: string | null | undefined;
  /** the keys that this command can't do without */
  readonly require?: readonly KeyName[];
}

/** One thing that is wrong: key, where its value came from, what to do. */
export interface Problem {
  readonly key: string;
  readonly source: string;
  readonly message: string;
  /** what the parser knows besides, such as the path of a file that others can read */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A configuration as far as it can be read, and what is wrong with the rest. */
export interface Inspected {
  readonly config: Config;
  readonly problems: readonly Problem[];
}

interface Found {
  readonly value: unknown;
  readonly source: string;
}

/**
 * Flags, environment, `.env`, config file, fallbacks: the first that has a key wins. Gives the frozen
 * configuration, or one config_invalid that lists every problem in `details.problems`.
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { config, problems } = await inspectConfig(options);
  if (problems.length > 0) throw refuse(problems);
  return config;
}

/** The same for who wants to go on with what is right. Throws only for a file that can't be read at all. */
export async function inspectConfig(options: LoadOptions): Promise<Inspected> {
  const problems: Problem[] = [];
  const { cwd, file } = options;
  const path = cwd === null || file === null ? undefined : findConfigFile(cwd, file);
  const settings = path === undefined ? new Map<string, unknown>() : flatten(await readConfigFile(path));
  if (path !== undefined) problems.push(...unknownKeys(settings, path));
  const dotEnv = options.cwd === null ? {} : readDotEnv(options.cwd);

  const values: Record<string, unknown> = {};
  const sources = new Map<string, string>();
  for (const [name, spec] of Object.entries<ConfigKey<unknown>>(KEYS)) {
    const found = firstFound(name as KeyName, spec, options, dotEnv, settings, path);
    const target = spec.standsFor ?? name;
    if (
      found === undefined ||
      (spec.standsFor !== undefined && rank(sources.get(target)) <= rank(found.source))
    ) {
      if (found === undefined && values[name] === undefined) values[name] = spec.fallback;
      continue;
    }
    try {
      values[target] = spec.parse(found.value);
      sources.set(target, found.source);
    } catch (error) {
      problems.push({ key: name, source: found.source, ...reasonOf(error) });
      if (values[target] === undefined) values[target] = spec.fallback;
    }
  }
  problems.push(...missing(options.require ?? [], values, problems));
  const warnings = warningsOf(values as Values, options);
  return { config: toConfig(values as Values, { sources, file: path, warnings }), problems };
}

function firstFound(
  name: KeyName,
  spec: ConfigKey<unknown>,
  options: LoadOptions,
  dotEnv: Environment,
  settings: ReadonlyMap<string, unknown>,
  path: string | undefined,
): Found | undefined {
  const fromFlag = options.flags?.[name];
  if (fromFlag !== undefined) return { value: fromFlag, source: `flag ${(spec.flag ?? name).split(' ')[0]}` };
  for (const [env, label] of [
    [options.env ?? {}, 'environment'],
    [dotEnv, '.env'],
  ] as const) {
    const set = firstSet(env, spec.env ?? []) ?? (name === 'mail.url' ? flaskMailUrl(env) : undefined);
    if (set !== undefined) return { value: set.value, source: `${label} ${set.name}` };
  }
  if (path === undefined || spec.standsFor !== undefined || !settings.has(name)) return undefined;
  const value = settings.get(name);
  return { value: spec.locate?.(value, dirname(path)) ?? value, source: `file ${path}` };
}

/** flag < environment < .env < file: which of two names for one value wins. */
function rank(source: string | undefined): number {
  const order = ['flag', 'environment', '.env', 'file'].indexOf(source?.split(' ')[0] ?? '');
  return order === -1 ? Number.POSITIVE_INFINITY : order;
}

/** Nested objects → dotted keys, down to the keys that we know (some hold objects themselves). */
function flatten(content: Record<string, unknown>, prefix = ''): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [part, value] of Object.entries(content)) {
    const name = `${prefix}${part}`;
    if (!isGroup(name, value)) flat.set(name, value);
    else for (const [inner, leaf] of flatten(value, `${name}.`)) flat.set(inner, leaf);
  }
  return flat;
}

/** An object that holds keys. An empty one that is none of our groups is a key that we do not know. */
function isGroup(name: string, value: unknown): value is Record<string, unknown> {
  if (Object.hasOwn(KEYS, name) || typeof value !== 'object' || value === null || Array.isArray(value))
    return false;
  return Object.keys(value).length > 0 || Object.keys(KEYS).some((key) => key.startsWith(`${name}.`));
}

function unknownKeys(settings: ReadonlyMap<string, unknown>, path: string): Problem[] {
  const known = Object.entries<ConfigKey<unknown>>(KEYS)
    .filter(([, spec]) => spec.standsFor === undefined)
    .map(([name]) => name);
  return [...settings.keys()]
    .filter((name) => name !== '$schema' && !known.includes(name))
    .map((name) => {
      const guess = nearest(name, known);
      const hint =
        guess === undefined ? 'is not a key of ours' : `is not a key of ours; did you mean "${guess}"?`;
      return { key: name, source: `file ${path}`, message: hint };
    });
}

function missing(
  required: readonly KeyName[],
  values: Record<string, unknown>,
  problems: readonly Problem[],
): Problem[] {
  const stated = new Set(problems.map((problem) => problem.key));
  return required
    .filter((name) => values[name] === undefined && !stated.has(name) && !stated.has(`${name}File`))
    .map((name) => ({ key: name, source: 'nowhere', message: `is not set. ${waysToSet(name)}` }));
}

/** "Set RESET_BASE_URL, give --base-url, or write it into reset.config.json." */
export function waysToSet(name: KeyName): string {
  const spec: ConfigKey<unknown> = KEYS[name];
  const alias = Object.values<ConfigKey<unknown>>(KEYS).find((other) => other.standsFor === name);
  const flag = (spec.flag ?? alias?.flag)?.split(' ')[0];
  const ways = [
    spec.env?.[0] === undefined ? undefined : `set ${spec.env[0]}`,
    flag === undefined ? undefined : `give ${flag}`,
    `write "${name}" into reset.config.json`,
  ].filter((way) => way !== undefined);
  const sentence = `${ways.join(', or ')}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

const reasonOf = (error: unknown): Pick<Problem, 'message' | 'details'> => {
  if (!isResetError(error)) throw error;
  const { message, details } = error;
  return Object.keys(details).length === 0 ? { message } : { message, details };
};

function refuse(problems: readonly Problem[]): ResetError {
  const lines = problems.map(({ key, source, message }) => `  ${key} (${source}): ${message}`);
  const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`;
  return new ResetError('config_invalid', `${count} wrong with the configuration:\n${lines.join('\n')}`, {
    details: { problems },
  });
}

/** Keys of applications that must not be ours too: whoever holds one could then make the other's tokens (R12). */
const HOST_SECRETS = [
  'JWT_SECRET',
  'SECRET_KEY',
  'SECRET_KEY_BASE',
  'APP_KEY',
  'NEXTAUTH_SECRET',
  'AUTH_SECRET',
  'SESSION_SECRET',
];

function warningsOf(values: Values, options: LoadOptions): string[] {
  return HOST_SECRETS.filter((name) => {
    const theirs = options.env?.[name];
    if (!theirs) return false;
    const forms = [Buffer.from(theirs), Buffer.from(theirs, 'hex'), Buffer.from(theirs, 'base64')];
    return values.secret?.some((own) => forms.some((form) => form.equals(own.reveal())));
  }).map((name) => `The signing key is also in ${name}. Give reset a key of its own: reset keygen`);
}
