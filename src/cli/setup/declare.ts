import { defineCommand, IDENTIFIED, type Options } from '../command/define-command.ts';

/** Where the users are, for a table that no preset fits; a value in braces or brackets is JSON. */
export const usersOptions = {
  '--table <name>': 'table of the users, if no preset fits',
  '--schema <name>': 'schema of that table',
  '--id-column <name>': 'its column of the id',
  '--email-column <name>': 'its column of the e-mail address, or JSON for another table',
  '--password-column <name>': 'its column of the password hash, or JSON for several or another table',
  '--username-column <name>': 'its column of the user name',
  '--name-column <name>': "its column of the person's name",
  '--locale-column <name>': 'its column of the language',
  '--active <condition>': 'who may sign in: a column that is true, or JSON',
  '--hash <format>': 'hash format to write, or JSON',
  '--on-reset <steps>': 'what else changes with the password, as JSON',
} as const satisfies Options;

export const initOptions = {
  '--yes': 'accept all defaults without asking',
  '--force': 'overwrite an existing reset.config.json (never a key)',
  '--sample-link <link>':
    "learn the application's own links from one that it has mailed, and its secret (--app-secret-file)",
  ...usersOptions,
} as const satisfies Options;

export const init = defineCommand('init', 'set everything up', {
  description:
    'Set everything up: detect the application, create the key, write reset.config.json, create the tables.',
  options: initOptions,
  settings: [
    'database',
    'ledger',
    'users.preset',
    'baseUrl',
    'appName',
    'secretFile',
    'mail.url',
    'mail.from',
    'appSecretFile',
  ],
  examples: [
    'reset init',
    'reset init --yes --no-input --database sqlite:app.db --base-url https://example.com --mail-url file:mailbox --mail-from noreply@example.com',
    "reset init --sample-link 'https://example.com/reset/InN1c2FuQ…' --app-secret-file app.key",
    'reset init --table members --id-column no --email-column mail --password-column pw',
  ],
  load: async () => (await import('./init.ts')).init,
});

export const doctorOptions = {
  ...IDENTIFIED,
  '--fix': 'fix what can be fixed safely: file modes, migrations',
  '--online': 'visit the base URL, too',
  '--to <address>': 'ask the mail server whether it would accept a mail to this address',
  '--user <email>': 'only this: ask for a known password of this user and check it',
  '--password-stdin': 'read that password from standard input (one line)',
} as const satisfies Options;

export const doctor = defineCommand('doctor', 'check the setup', {
  description: 'Check the setup and say how to fix it. Sends nothing, and changes nothing without --fix.',
  options: doctorOptions,
  examples: [
    'reset doctor --json',
    'printf "%s\\n" "$KNOWN" | reset doctor --user susan@example.com --password-stdin',
  ],
  load: async () => (await import('./doctor.ts')).doctor,
});

export const migrateOptions = {
  '--move-from <url>': "move reset's tables here from this database; `database`: the configured one",
} as const satisfies Options;

export const migrate = defineCommand('migrate', "update reset's tables", {
  description: "Create or update reset's tables in the configured database, or move them there.",
  argument: ['[what]', 'up (default) or status', ['up', 'status']],
  options: migrateOptions,
  settings: ['database', 'ledger'],
  examples: ['reset migrate', 'reset migrate status --json'],
  load: async () => (await import('./migrate.ts')).migrate,
});

export const keygenOptions = {
  '--out <path>': 'write it to a new file of mode 0600 instead of printing it',
} as const satisfies Options;

export const keygen = defineCommand('keygen', 'create a signing key', {
  description: 'Create a signing key.',
  options: keygenOptions,
  examples: ['reset keygen --out reset.key', 'export RESET_SECRET="$(reset keygen)"'],
  load: async () => (await import('./keygen.ts')).keygen,
});

export const presetsOptions = {
  '--detect': 'find the ones that fit the configured database',
} as const satisfies Options;

export const presets = defineCommand('presets', 'list known applications', {
  description: 'List the applications whose users tables are known, or explain one of them.',
  argument: ['[name]', 'explain this one, with the SQL that a reset runs'],
  options: presetsOptions,
  settings: ['database'],
  examples: ['reset presets django', 'reset presets --detect --database sqlite:app.db'],
  load: async () => (await import('./presets.ts')).presets,
});
