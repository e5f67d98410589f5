import { defineCommand, type Options } from '../define-command.ts';

export const userAddOptions = {
  '--name <username>': 'user name',
  '--locale <tag>': 'language of the mails',
  '--password-stdin': 'read the password from standard input (one line); without it the user has none yet',
} as const satisfies Options;

const add = defineCommand({
  name: 'add',
  summary: 'add a user',
  description: 'Add a user to the table of the default preset.',
  argument: ['<email>', 'address of the new user'],
  options: userAddOptions,
  examples: [
    'reset user add susan@example.com --name susan',
    'printf "%s\\n" "$PASSWORD" | reset user add susan@example.com --password-stdin',
  ],
  load: async () => (await import('./user-add.ts')).userAdd,
});

const list = defineCommand({
  name: 'list',
  summary: 'list the users',
  description: 'List the users of the default preset.',
  examples: ['reset user list', 'reset user list --json'],
  load: async () => (await import('./user-list.ts')).userList,
});

export const user = defineCommand({
  name: 'user',
  summary: 'list and add users',
  description: "List and add users of the default preset's table.",
  commands: [add, list],
  examples: ['reset user add susan@example.com --name susan', 'reset user list'],
});

export const hashes = defineCommand({
  name: 'hashes',
  summary: 'count password formats',
  description:
    "Count the password hashes in the users table by format, and how many are weaker than today's parameters.",
  examples: ['reset hashes', 'reset hashes --json'],
  load: async () => (await import('./hashes.ts')).hashes,
});
