import { detailsOf, isResetError } from '../errors.ts';
import type { Config } from './config.ts';
import { toConfig } from './config.ts';
import type { DotEnv, Environment } from './environment.ts';
import { FLASK_MAIL, readDotEnv } from './environment.ts';
import { firstFound, type Found } from './first-found.ts';
import type { MailServerChoice } from './mail-server.ts';
import { chooseMailServer } from './mail-server.ts';
import { readSettings, unknownKeys, type Settings } from './settings.ts';
import { refuseConfig, refuseUnconfigured, type Problem } from './problem.ts';
import type { ConfigKey, KeyName, Values } from './schema.ts';
import { KEYS } from './schema.ts';
import { programName } from '../values/program-name.ts';

/** What a caller may give: flags by key (`{ 'mail.url': 'smtp://…' }`), and where to look for the rest. */
export interface LoadOptions {
  readonly flags?: Readonly<Partial<Record<KeyName, unknown>>>;
  readonly env?: Environment;
  /** the working directory; null: look for no file and no `.env` */
  readonly cwd: string | null;
  /** `--config FILE`; null: none, even if there is one */
  readonly file?: string | null | undefined;
  /** what a program gives instead of a config file; relative paths in it are resolved from the working directory */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** the keys that this command can't do without */
  readonly needed?: readonly KeyName[];
  /** what only the modules above know, such as the names of the presets; asked once everything is parsed */
  readonly validate?: (config: Config) => Promise<readonly Problem[]>;
}

/** A configuration as far as it can be read, and what is wrong with the rest. */
export interface Inspected {
  readonly config: Config;
  readonly problems: readonly Problem[];
}

/** Whatever a `.env` could set that counts here. */
const VARIABLES = [...Object.values<ConfigKey<unknown>>(KEYS).flatMap(({ env }) => env ?? []), ...FLASK_MAIL];

/**
 * Flags, environment, `.env`, config file, fallbacks: the first that has a key wins. Gives the frozen
 * configuration, or one config_invalid that lists every problem in `details.problems`.
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const inspected = await inspectConfig(options);
  const { config, problems } = inspected;
  if (problems.length === 0) return config;
  throw options.cwd !== null && isUnconfigured(inspected)
    ? refuseUnconfigured(problems)
    : refuseConfig(problems);
}

/** Nothing is set up yet: no file, and no database is named anywhere. */
export const isUnconfigured = ({ config, problems }: Inspected): boolean =>
  config.file === undefined &&
  problems.some(({ key }) => key === 'database') &&
  problems.every(({ code }) => code === 'missing');

/** The same for callers that continue with the valid part. Throws only for a file that can't be read at all. */
export async function inspectConfig(options: LoadOptions): Promise<Inspected> {
  const settings = await readSettings(options);
  const dotEnv = options.cwd === null ? undefined : readDotEnv(options.cwd, VARIABLES);
  const { values, sources, flagged, problems } = readValues((name) =>
    firstFound(name, options, dotEnv?.values ?? {}, settings),
  );
  problems.unshift(...unknownKeys(settings));
  problems.push(...missing(options.needed ?? [], values, problems));
  const notes = notesOn(dotEnv, settings);
  const warnings = warningsOf(values as Values, options);
  if (problems.length > 0) problems.push(...notes);
  else
    warnings.push(...notes.filter(({ isMinor }) => !isMinor).map((note) => `${note.key} ${note.message}.`));
  const mailServer = problems.some(({ key }) => key === 'mail.url')
    ? 'setup'
    : mailServerChoice(options, dotEnv?.values ?? {}, settings);
  const config = toConfig(values as Values, { sources, flagged, file: settings.file, warnings, mailServer });
  problems.push(...((await options.validate?.(config)) ?? []));
  return { config, problems };
}

/** Every key by what was found for it, else by its fallback. */
function readValues(find: (name: KeyName) => Found | undefined) {
  const values: Record<string, unknown> = {};
  const sources = new Map<string, string>();
  const flagged = new Set<string>();
  const problems: Problem[] = [];
  for (const name of Object.keys(KEYS) as KeyName[]) {
    const { aliasOf, fallback }: ConfigKey<unknown> = KEYS[name];
    if (aliasOf !== undefined) continue;
    values[name] = fallback;
    const found = find(name);
    if (found === undefined) continue;
    try {
      values[name] = found.spec.parse(found.value);
      sources.set(name, found.source);
      if (found.isFlag === true) flagged.add(name);
    } catch (error) {
      problems.push({ key: name, source: found.source, ...reasonOf(error) });
    }
  }
  return { values, sources, flagged, problems };
}

/** What was found and not read, for people who wonder why a key is missing. */
function notesOn(dotEnv: DotEnv | undefined, { passedOver }: Settings) {
  const notes: (Problem & { isMinor: boolean })[] = [];
  if (dotEnv?.problem !== undefined)
    notes.push({
      code: 'invalid',
      key: dotEnv.path,
      source: 'not read',
      message: dotEnv.problem,
      isMinor: dotEnv.isFolder === true,
    });
  if (passedOver !== undefined) {
    const message = `is code, so it is only read when you name it: --config ${passedOver}`;
    notes.push({ code: 'missing', key: passedOver, source: 'not read', message, isMinor: false });
  }
  return notes;
}

/** Each place that names a mail server, the strongest first: an overridden one still says which mails belong to which server. */
function mailServerChoice(options: LoadOptions, dotEnv: Environment, settings: Settings): MailServerChoice {
  const nothing: Settings = { values: new Map(), source: '', file: undefined };
  const { flags, env } = options;
  const places = [
    firstFound('mail.url', { ...(flags && { flags }) }, {}, nothing),
    firstFound('mail.url', { ...(env && { env }) }, {}, nothing),
    firstFound('mail.url', {}, dotEnv, nothing),
    firstFound('mail.url', {}, {}, settings),
  ];
  return chooseMailServer(
    places.flatMap((found) =>
      typeof found?.value === 'string' ? [{ url: found.value, isFlag: found.isFlag === true }] : [],
    ),
  );
}

function missing(
  required: readonly KeyName[],
  values: Record<string, unknown>,
  problems: readonly Problem[],
): Problem[] {
  const stated = new Set(problems.map((problem) => problem.key));
  return required
    .filter((name) => values[name] === undefined && !stated.has(name))
    .map((name) => ({
      code: 'missing',
      key: name,
      source: 'nowhere',
      message: `is not set. ${waysToSet(name)}`,
    }));
}

/** "Set RESET_BASE_URL, give --base-url, or write it into reset.config.json." */
export function waysToSet(name: KeyName): string {
  const spec: ConfigKey<unknown> = KEYS[name];
  const alias = Object.values<ConfigKey<unknown>>(KEYS).find((other) => other.aliasOf === name);
  const flag = (spec.flag ?? alias?.flag)?.split(' ')[0];
  const ways = [
    spec.env?.[0] === undefined ? undefined : `set ${spec.env[0]}`,
    flag === undefined ? undefined : `give ${flag}`,
    `write "${name}" into reset.config.json`,
  ].filter((way) => way !== undefined);
  const sentence = `${ways.join(', or ')}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

const reasonOf = (error: unknown): Pick<Problem, 'code' | 'message' | 'path'> => {
  if (!isResetError(error)) throw error;
  const { message } = error;
  const { path, reason } = detailsOf(error, 'config_invalid');
  return reason === 'readable_by_others' && path !== undefined
    ? { code: reason, message, path }
    : { code: 'invalid', message };
};

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
  }).map((name) => `The signing key is also in ${name}. Give reset its own key: ${programName} keygen`);
}
