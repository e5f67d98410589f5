import { defineCommand, IDENTIFIED, TICKET, type Options } from '../command/define-command.ts';

const user = ['[email]', 'address of the user'] as const;

export const accessShowOptions = { ...IDENTIFIED } as const satisfies Options;

const show = defineCommand('show', 'what opens an account', {
  description:
    'Show what opens an account and what keeps its owner out: password, second factors, passkeys, sessions, tokens, lockout; and whether a reset ends it.',
  argument: user,
  options: accessShowOptions,
  examples: ['reset access show susan@example.com', 'reset access show --id 42 --json'],
  load: async () => (await import('./access-show.ts')).accessShow,
});

export const accessEndOptions = {
  '--what <kinds>':
    'totp, sms, recovery-codes, passkey, session, remember-me, api-token, oauth-grant, lockout or must-change, several with commas; all: whatever lets the person in, so all but the last two',
  ...IDENTIFIED,
  '--dry-run': 'show what would end, change nothing',
  '--yes': 'do not ask',
  '--force-protected': 'also for users of support.protect',
  ...TICKET,
} as const satisfies Options;

const end = defineCommand('end', 'end second factors, sessions, tokens', {
  description:
    'End what lets a person in or keeps them out, all in one transaction, with a row in the audit log and a mail to the person.',
  argument: user,
  options: accessEndOptions,
  examples: [
    'reset access end susan@example.com --what totp,recovery-codes --ticket SUP-4711',
    'reset access end susan@example.com --what all --dry-run',
    'reset access end --id 42 --what lockout --yes --json',
  ],
  load: async () => (await import('./access-end.ts')).accessEnd,
});

export const requireOptions = {
  ...IDENTIFIED,
  '--all': 'all users',
  '--where <column=value>': {
    help: 'users with this value in a column of the users table (repeatable)',
    isRepeatable: true,
  },
  '--except <column=value>': { help: 'leave these users out (repeatable)', isRepeatable: true },
  '--undo': 'lift it again',
  '--dry-run': 'show who would be changed, change nothing',
  '--yes': 'do not ask',
  '--expect <n>': 'stop unless exactly this many would be changed',
  '--force-protected': 'also users of support.protect',
  ...TICKET,
} as const satisfies Options;

export const require = defineCommand('require', 'ask for a new password', {
  description:
    'Make the application ask for a new password at the next login, if it has a flag for that: Discourse, Gitea, GitLab, Joomla, Moodle and Redmine do. The old password works until then, so this is not for a stolen one. A reset lifts it. One person gets a mail about it; several find out when they sign in, and the same command continues where it was stopped.',
  argument: user,
  options: requireOptions,
  examples: [
    'reset require susan@example.com --ticket SUP-4711',
    'reset require --where team=it --except admin=true --dry-run',
    'reset require --all --yes --expect 1200',
    'reset require susan@example.com --undo',
  ],
  load: async () => (await import('./require.ts')).requireNew,
});

export const access = defineCommand('access', 'what else opens an account', {
  description: 'Show what else opens an account than its password, and end it.',
  commands: [show, end],
  examples: ['reset access show susan@example.com', 'reset access end susan@example.com --what session'],
});
