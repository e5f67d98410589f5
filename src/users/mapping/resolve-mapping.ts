import { Secret } from '../../values/secret.ts';
import { ResetError } from '../../errors.ts';
import { IDENTIFIERS, isIdentifier } from '../columns/identifier.ts';
import { readOverrides, type Overrides } from './overrides.ts';
import { checkOwnEntries, ownAccess } from '../access/own-entries.ts';
import { resolveAccess, type Place } from '../access/resolve-access.ts';
import type { Join, PasswordCodec, Preset } from '../preset/preset.ts';
import { checkStep } from '../columns/step.ts';
import type { UsersMapping } from './users-mapping.ts';

/** One thing that is wrong with `users.*`. */
export interface MappingProblem {
  readonly key: string;
  readonly message: string;
}

export interface ResolveOptions {
  /** how a hash format splits itself over several columns, by the format's name */
  readonly codecOf?: (format: string) => PasswordCodec | undefined;
}

/**
 * The preset with the configuration's `users.*` on top. Pure: nothing is looked up in a database.
 *
 * @param overrides the configuration's `users`, unread: `{ table, id, email, password, active, hash, onReset, … }`
 * @throws config_invalid with every problem in `details.problems`
 */
export function resolveMapping(
  preset: Preset,
  overrides: unknown = {},
  options: ResolveOptions = {},
): UsersMapping {
  const problems: MappingProblem[] = [];
  const given = readOverrides(overrides, problems);
  const wrong = checkOwnEntries(
    given.access ?? [],
    decided(merge(preset, { ...given, access: [] }, options)),
  );
  if (wrong.length > 0) throw refuse([...problems, ...wrong]);
  const mapping = merge(preset, given, options);
  problems.push(...checkNames(mapping), ...checkSteps(mapping));
  if (Object.keys(mapping.password).length > 1 && !mapping.codec) {
    problems.push({
      key: 'users.hash',
      message: 'must name a hash format that is kept in several columns, since users.password names several',
    });
  }
  if (problems.length > 0) throw refuse(problems);
  return mapping;
}

/** The sentence and details of a config_invalid about `users.*`. */
export function refuse(problems: readonly MappingProblem[]): ResetError {
  const lines = problems.map(({ key, message }) => `  ${key}: ${message}`);
  return new ResetError('config_invalid', ['The users table cannot be used like this:', ...lines], {
    details: { problems },
  });
}

function merge(preset: Preset, given: Overrides, options: ResolveOptions): UsersMapping {
  const prefix = prefixOf(preset, given.table);
  const usual = preset.table.replaceAll('{p}', prefix);
  const table = given.table ?? usual;
  const isUsual = table.toLowerCase() === usual.toLowerCase();
  const place: Place = {
    put: (name) => name.replaceAll('{p}', prefix).replaceAll('{t}', table),
    tieOf: (name) => (isUsual || name.includes('{t}') ? 'name' : 'foreign key'),
  };
  return {
    preset,
    schema: given.schema ?? preset.schema,
    table,
    ...mergeColumns(preset, given),
    ...mergeHash(preset, given, options),
    ...mergeRules(preset, given, place),
    emailIn: given.email ? given.email.join : mapJoin(preset.emailIn, place),
    passwordIn: given.password ? withAbsent(given.password.join) : mapJoin(preset.passwordIn, place),
    ...resolveAccess(preset, { onReset: given.onReset, access: ownAccess(given.access ?? []) }, place),
    skipped: [],
    untransacted: [],
    facts: {},
  };
}

const mergeColumns = ({ columns }: Preset, given: Overrides) => ({
  id: given.id ?? columns.id,
  email: given.email?.column ?? columns.email,
  name: given.name ?? columns.name,
  username: given.username ?? columns.username,
  locale: given.locale ?? columns.locale,
  timeZone: given.timeZone,
  changedAt: columns.changedAt,
});

/** Which columns hold the hash, and how it is read and written. */
function mergeHash(preset: Preset, given: Overrides, { codecOf }: ResolveOptions) {
  const {
    format: hash = 'auto',
    parameters,
    pepper,
    prehash = preset.prehash,
    prehashKey,
  } = given.hash ?? {};
  const hashFormat = hash === 'auto' ? preset.hashFormat : hash;
  const password = given.password?.columns ?? preset.columns.password;
  return {
    password: typeof password === 'string' ? { hash: password } : password,
    codec: hashFormat === null ? undefined : codecOf?.(hashFormat),
    hash,
    hashFormat,
    hashParameters: { ...preset.hashParameters, ...parameters },
    pepper: pepper === undefined ? undefined : new Secret(pepper),
    prehash: prehash && { kind: prehash, key: prehashKey === undefined ? undefined : new Secret(prehashKey) },
    passwordTransform: preset.passwordTransform ?? 'raw',
    normalize: preset.normalize ?? 'none',
    maxLength: preset.maxLength,
  } as const;
}

/** Who may be reset, and what the operator hears afterwards. */
const mergeRules = (preset: Preset, given: Overrides, { put }: Place) => ({
  activeWhen: given.active ?? preset.activeWhen ?? {},
  refuseWhen: preset.refuseWhen ?? [],
  siblings: preset.siblings,
  advice: (preset.advice ?? []).map((each) =>
    typeof each === 'string' ? each : { ...each, table: put(each.table) },
  ),
  sessionsEndWithHash: preset.sessionsEndWithHash ?? false,
});

/** `users.table: "blog_users"` on a preset of `{p}users` says that this site's prefix is `blog_`. */
function prefixOf(preset: Preset, table: string | undefined): string {
  const bare = preset.table.replace('{p}', '');
  const isPrefixed = preset.table.startsWith('{p}') && table?.endsWith(bare);
  return table !== undefined && isPrefixed
    ? table.slice(0, table.length - bare.length)
    : (preset.prefix ?? '');
}

const mapJoin = <T extends Join>(join: T | undefined, { put, tieOf }: Place): T | undefined =>
  join && { ...join, table: put(join.table), tie: tieOf(join.table) };

const withAbsent = (join: Join | undefined): UsersMapping['passwordIn'] =>
  join && { ...join, absent: `has no row in ${join.table}` };

function checkNames(mapping: UsersMapping): MappingProblem[] {
  const named: (readonly [string, string | undefined])[] = [
    ['users.table', mapping.table],
    ['users.schema', mapping.schema],
    ['users.id', mapping.id],
    ['users.name', mapping.name],
    ['users.username', mapping.username],
    ['users.locale', mapping.locale],
    ['users.timeZone', mapping.timeZone],
    ['users.email', mapping.email],
    ...namesOfJoin(mapping.emailIn).map((name) => ['users.email', name] as const),
    ...Object.values(mapping.password).map((name) => ['users.password', name] as const),
    ...namesOfJoin(mapping.passwordIn).map((name) => ['users.password', name] as const),
    ...Object.keys(mapping.activeWhen).map((name) => ['users.active', name] as const),
  ];
  return named
    .filter(([, name]) => name !== undefined && !isIdentifier(name))
    .map(([key]) => ({
      key,
      message: `must be a name of ${IDENTIFIERS}; reset cannot use tables and columns with other names`,
    }));
}

const namesOfJoin = (join: Join | undefined): string[] =>
  join ? [join.table, join.local, join.foreign, ...Object.keys(join.where ?? {})] : [];

/** The columns of the users table that a reset itself decides about. */
const decided = ({ id, email, emailIn, password, passwordIn }: UsersMapping): string[] => [
  id,
  ...(emailIn ? [] : [email]),
  ...(passwordIn ? [] : Object.values(password)),
];

function checkSteps(mapping: UsersMapping): MappingProblem[] {
  const own = decided(mapping);
  return mapping.onReset.flatMap((step, index) =>
    checkStep(step, own).map((message) => ({ key: `users.onReset[${index}]`, message })),
  );
}

/** Is the hash kept in several columns, by the preset or by the configuration? */
export const isSplitPassword = (preset: Preset, overrides: Readonly<Record<string, unknown>>): boolean =>
  typeof (overrides['password'] ?? preset.columns.password) !== 'string';
