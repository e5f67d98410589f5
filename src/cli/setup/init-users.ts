import type { App } from '../../app.ts';
import { isResetError, ResetError } from '../../errors.ts';
import type { Candidate } from '../../flows/setup/detect-application.ts';
import { detectApplication } from '../../flows/setup/detect-application.ts';
import { listForeignTables } from '../../flows/setup/list-tables.ts';
import { readSampleUser } from '../../flows/users/sample-user.ts';
import type { Context } from '../context.ts';
import { describeCandidate } from './describe-candidate.ts';
import { askForColumns } from './init-columns.ts';
import { settleDatabase } from './init-database.ts';
import type { Settings } from './init-settings.ts';
import { withApp } from '../open-app.ts';
import { programName } from '../../values/program-name.ts';
import { plural } from '../../values/plural.ts';

type Users = Readonly<Record<string, unknown>>;

/** The database, and where its users are. Asks until it can be opened; shows one user as a reset would read it. */
export async function chooseUsers(context: Context, settings: Settings, isAsking: boolean): Promise<Users> {
  for (;;) {
    await settleDatabase(context, settings, isAsking);
    try {
      const users = await withDatabase(context, settings, {}, (app) =>
        recognise(context, settings, app, isAsking),
      );
      await withDatabase(context, settings, users, (app) => showUser(context, app, users));
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

function withDatabase<T>(
  context: Context,
  settings: Settings,
  users: Users,
  work: (app: App) => Promise<T>,
): Promise<T> {
  const overrides = Object.fromEntries(Object.entries(users).map(([key, value]) => [`users.${key}`, value]));
  const flags = { ...settings.flags(), ...overrides };
  const options = { needed: ['database'], isSetup: true } as const;
  return withApp({ ...context, flags, file: null }, options, ({ app }) => work(app));
}

/** `users` of the config file: the preset that was given, or the application that the tables look like. */
async function recognise(context: Context, settings: Settings, app: App, isAsking: boolean): Promise<Users> {
  if (settings.has('users.preset')) {
    const preset = settings.toWrite('users.preset');
    return preset === undefined ? {} : { preset };
  }
  const { candidates, best } = await detectApplication(app);
  const tables = await listForeignTables(app);
  if (tables.length === 0) {
    context.output.info('The database is empty; the table users will be created.');
    return { preset: 'default' };
  }
  for (const each of candidates) context.output.info(describeCandidate(each));
  if (isAsking) return askForUsers(context, app, candidates, tables);
  if (best) return usersOf(best);
  const names = candidates.map(({ preset, table }) => `${preset} (${table})`).join(', ');
  throw new ResetError(
    'config_invalid',
    names === ''
      ? `No application is recognised here. Choose one with --preset (list: ${programName} presets; default creates a table users), or run ${programName} init at a terminal to name table and columns.`
      : `reset cannot say for certain which application this is. It looks like: ${names}. Choose one with --preset, after a look at what it would do: ${programName} presets NAME`,
    { details: { candidates } },
  );
}

const usersOf = ({ preset, table, schema }: Candidate): Users => ({
  preset,
  ...(preset === 'default' ? {} : { table }),
  ...(schema === undefined ? {} : { schema }),
});

const BY_HAND = 'another';
const OWN = 'own';

async function askForUsers(
  context: Context,
  app: App,
  candidates: readonly Candidate[],
  tables: readonly string[],
): Promise<Users> {
  const choices = candidates.map((each, index) => ({
    name: `${each.preset}: ${each.title}`,
    value: String(index),
  }));
  const others = [
    { name: 'another one (choose table and columns)', value: BY_HAND },
    ...(tables.includes('users') ? [] : [{ name: 'none: create a table users', value: OWN }]),
  ];
  const chosen = await context.ask.choose('Which application is it?', [...choices, ...others]);
  if (chosen === OWN) return { preset: 'default' };
  const candidate = candidates[Number(chosen)];
  if (chosen !== BY_HAND && candidate) return usersOf(candidate);
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
