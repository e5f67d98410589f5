import type { App } from '../../app.ts';
import { isResetError, ResetError } from '../../errors.ts';
import type { Candidate } from '../../flows/setup/detect-application.ts';
import { detectApplication, locatePreset } from '../../flows/setup/detect-application.ts';
import { listForeignTables } from '../../flows/setup/list-tables.ts';
import { readSampleUser } from '../../flows/users/sample-user.ts';
import type { Context } from '../command/context.ts';
import { describeCandidate } from './describe-candidate.ts';
import { askForColumns } from './init-columns.ts';
import { settleDatabase } from './init-database.ts';
import type { Settings } from './init-settings.ts';
import { flagsFor } from './users-flags.ts';
import { withApp } from '../command/open-app.ts';
import { programName } from '../../values/program-name.ts';
import { plural } from '../../values/plural.ts';

type Users = Readonly<Record<string, unknown>>;

/** How to find the users: what the flags say, and whether somebody can be asked for the rest. */
export interface UsersChoice {
  readonly given: Users;
  readonly isAsking: boolean;
}

/** The database, and where its users are. Asks until it can be opened; shows one user as a reset would read it. */
export async function chooseUsers(context: Context, settings: Settings, choice: UsersChoice): Promise<Users> {
  const { isAsking } = choice;
  for (;;) {
    await settleDatabase(context, settings, isAsking);
    try {
      settings.take(choice.given);
      const users = await withDatabase(context, settings, (app) => recognise(context, settings, app, choice));
      settings.take(users);
      await withDatabase(context, settings, (app) => showUser(context, app, users));
      return users;
    } catch (error) {
      const isMendable =
        isResetError(error) && ['database_unavailable', 'config_invalid'].includes(error.code);
      if (!isAsking || !isMendable) throw error;
      context.output.error(error);
      settings.forget('database');
    }
  }
}

function withDatabase<T>(context: Context, settings: Settings, work: (app: App) => Promise<T>): Promise<T> {
  const flags = settings.flags();
  const options = { needed: ['database'], isSetup: true } as const;
  return withApp({ ...context, flags, file: null }, options, ({ app }) => work(app));
}

/** `users` of the config file: the preset or the columns that were given, or what the tables look like. */
async function recognise(
  context: Context,
  settings: Settings,
  app: App,
  { given, isAsking }: UsersChoice,
): Promise<Users> {
  const isGiven = Object.keys(given).length > 0;
  if (settings.has('users.preset')) {
    const preset = settings.toWrite('users.preset');
    if (preset === undefined) return given;
    return { ...(isGiven ? { preset } : await placeOf(app, preset)), ...given };
  }
  if (isGiven) return { preset: 'bcrypt', hash: 'auto', ...given };
  const { candidates, best } = await detectApplication(app);
  const tables = await listForeignTables(app);
  if (tables.length === 0) {
    context.output.info('The database is empty; the table users will be created.');
    return { preset: 'default' };
  }
  for (const each of candidates) context.output.info(describeCandidate(each));
  if (isAsking) return askForUsers(context, app, candidates, tables);
  if (best) return best.users;
  throw refuseToGuess(candidates);
}

/** The preset, and where its table is if a fork or the site calls it otherwise. */
async function placeOf(app: App, preset: string): Promise<Users> {
  const located = await locatePreset(app, preset);
  const [place] = located;
  return place && located.length === 1 && !place.isUsual ? place.users : { preset };
}

function refuseToGuess(candidates: readonly Candidate[]): ResetError {
  const names = candidates.map(({ preset, table }) => `${preset} (${table})`).join(', ');
  const own = candidates.filter(({ isOwn }) => isOwn).map(({ users }) => flagsFor(users));
  const ways = own.map((flags) => `  ${programName} init ${flags}`);
  return new ResetError(
    'config_invalid',
    names === ''
      ? `No application is recognised here. Choose one with --preset (list: ${programName} presets; default creates a table users), or name table and columns with --table and the flags beside it (${programName} init --help).`
      : [
          `reset cannot say for certain which application this is. It looks like: ${names}. Choose one with --preset, after a look at what it would do: ${programName} presets NAME`,
          ...(ways.length > 0
            ? ['If it is your own table, say so:', ...ways, 'At a terminal, init asks instead.']
            : []),
        ],
    { details: { candidates } },
  );
}

const BY_HAND = 'another';
const OWN = 'own';

async function askForUsers(
  context: Context,
  app: App,
  candidates: readonly Candidate[],
  tables: readonly string[],
): Promise<Users> {
  const choices = candidates.map((each, index) => ({
    name: each.isOwn ? each.title : `${each.preset}: ${each.title}`,
    value: String(index),
  }));
  const others = [
    { name: 'another one (choose table and columns)', value: BY_HAND },
    ...(tables.includes('users') ? [] : [{ name: 'none: create a table users', value: OWN }]),
  ];
  const chosen = await context.ask.choose('Which application is it?', [...choices, ...others]);
  if (chosen === OWN) return { preset: 'default' };
  const candidate = candidates[Number(chosen)];
  if (chosen !== BY_HAND && candidate) return candidate.users;
  return askForColumns(context, app, tables);
}

async function showUser({ output }: Context, app: App, users: Users): Promise<void> {
  const preset = typeof users['preset'] === 'string' ? users['preset'] : app.config.users.preset;
  try {
    const { count, user, warnings } = await readSampleUser(app);
    output.info(`${plural(count, 'user')}, read as ${preset}.`);
    for (const each of warnings) output.warn(each);
    if (user) {
      const { id, email, name, isActive, locale, password } = user;
      const facts = [
        `id ${id}`,
        email,
        name,
        locale,
        isActive ? 'active' : 'not active',
        `password ${password}`,
      ];
      output.info(`  for example: ${facts.filter((fact) => fact !== null).join(', ')}`);
    }
  } catch (error) {
    // The default preset's table is made by the migration that follows.
    if (preset !== 'default' || !isResetError(error)) throw error;
  }
}
