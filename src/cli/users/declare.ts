import { defineCommand, type Options } from '../command/define-command.ts';

export const userAddOptions = {
  '--name <username>': 'user name',
  '--locale <tag>': 'language of the mails',
  '--password-stdin': 'read the password from standard input (one line); without it the user has none yet',
} as const satisfies Options;

const add = defineCommand('add', 'add a user', {
  description: 'Add a user to the table of the default preset.',
  argument: ['<email>', 'address of the new user'],
  options: userAddOptions,
  examples: [
    'reset user add susan@example.com --name susan',
    'printf "%s\\n" "$PASSWORD" | reset user add susan@example.com --password-stdin',
  ],
  load: async () => (await import('./user-add.ts')).userAdd,
});

const find = defineCommand('find', 'find a person', {
  description:
    'Find people by a part of the address, the user name or the name, or by id. Shows up to 20, with what matters for a reset.',
  argument: ['<text...>', 'such as susan, miller@ or 4711; every word must match'],
  examples: ['reset user find susan', 'reset user find @example.com --json'],
  load: async () => (await import('./user-find.ts')).userFind,
});

export const userListOptions = {
  '--search <text>': 'only those who match, as with user find',
} as const satisfies Options;

const list = defineCommand('list', 'list the users', {
  description: 'List every user of the application, or those who match a search.',
  options: userListOptions,
  examples: ['reset user list --json', 'reset user list --search miller'],
  load: async () => (await import('./user-list.ts')).userList,
});

export const user = defineCommand('user', 'find, list and add users', {
  description: "Find and list the application's users; add users to the table of the default preset.",
  commands: [find, list, add],
  examples: ['reset user find susan', 'reset user add susan@example.com --name susan'],
});

export const hashes = defineCommand('hashes', 'count password formats', {
  description:
    "Count the password hashes in the users table by format, and how many are weaker than today's parameters.",
  examples: ['reset hashes', 'reset hashes --json'],
  load: async () => (await import('./hashes.ts')).hashes,
});
