import { defineCommand, IDENTIFIED, TICKET, type Options } from '../command/define-command.ts';

const SCHEDULE = {
  '--at <time>': 'send from then on: "2026-12-01 08:00" in the time zone of the settings, or 08:00',
  '--between <hours>': "send only at these hours of each person's day: 08:00-18:00",
} as const satisfies Options;

export const sendOptions = {
  ...IDENTIFIED,
  '--force': 'ignore the cool-down (a batch has none)',
  ...TICKET,
  '--file <path>':
    'recipients: CSV with a column "email" or "id", or one address per line; - for standard input',
  '--all': 'all users',
  '--where <column=value>': {
    help: 'users with this value in a column of the users table (repeatable)',
    isRepeatable: true,
  },
  '--hash <kinds>': 'users with a weak hash (weak), or of these formats: md5,sha1,phpass',
  '--cost-below <n>': 'users whose bcrypt hash has a cost below this',
  '--column <name>': 'the column of the file to read (id=NAME: as ids)',
  '--exclude <path>': 'file of people to leave out; a line that matches no user stops everything',
  '--except <column=value>': { help: 'leave these users out (repeatable)', isRepeatable: true },
  '--skip-if-changed-since <time>': 'skip users whose password has changed since: 2026-11-22, or 7d ago',
  '--dry-run': 'print the plan with sample mails; send nothing',
  '--yes': 'do not ask',
  '--expect <n>': 'stop unless exactly this many recipients match',
  '--ignore-unknown': 'skip lines that match no user, or two different ones',
  '--canary <n>': 'send this many first, then pause',
  '--redirect-to <address>': 'send every mail there instead, with a link that does nothing',
  '--reason-file <path>': 'file with a paragraph for the mail',
  ...SCHEDULE,
  '--rate-per-domain <n/s>': 'maximum mails per second to any one domain',
  '--new': 'start a new batch even if there is one for the same selection',
  '--lock':
    'breach mode: replace each password with one nobody knows, and end sessions, API tokens and connected apps',
  '--end <kinds>':
    'end these, and the old password with them: totp, sms, recovery-codes, passkey, session, api-token, …; many people: with --lock',
  '--force-protected': 'with --end: also for users of support.protect',
  '--mail <none>': 'none: only lock',
} as const satisfies Options;

export const send = defineCommand('send', 'mail a reset link', {
  description:
    'Mail a reset link to a user; several recipients become a resumable batch. To one person the mail says that support sent it, to several that an administrator asks for it, and with --lock or --end that the old password no longer works.\n\nWith --end, what it names ends in the moment in which the link is queued: in one transaction, the password becomes one that nobody knows. So the old password never opens the account without the second factor, and the link is on its way when it stops working. A second mail says what ended.',
  argument: ['[email...]', 'addresses of users'],
  options: sendOptions,
  settings: ['mail.rate', 'mail.connections', 'token.expiresIn', 'mail.locale', 'link.native'],
  examples: [
    'reset send susan@example.com --ticket SUP-4711',
    'reset send susan@example.com --end totp,recovery-codes --dry-run',
    'reset send --all --dry-run',
    'reset send --file people.csv --rate 14/s --canary 5 --yes --expect 1200',
    'reset send --where team=support --reason-file why.txt',
    'reset send --hash weak --dry-run',
    'reset send --all --between 08:00-18:00 --dry-run',
  ],
  load: async () => (await import('./send.ts')).send,
});

const id = ['<id>', 'of the batch'] as const;
const exampleOf = (name: string) => `reset batch ${name} 5f0c1d2e3a4b`;
const examplesOf = (name: string) => [exampleOf(name), `${exampleOf(name)} --json`];

const list = defineCommand('list', 'list the newest batches', {
  description: 'List the newest batches.',
  examples: ['reset batch list', 'reset batch list --json'],
  load: async () => (await import('./batch.ts')).batchList,
});

export const showOptions = {
  '--watch': 'redraw it every two seconds, until nobody has an open link (Ctrl-C ends it)',
  '--by <what>': 'its people by domain or language',
} as const satisfies Options;

const show = defineCommand('show', 'show progress', {
  description: 'Show how far a batch has come: its mails, and who has a new password.',
  argument: id,
  options: showOptions,
  examples: [...examplesOf('show'), `${exampleOf('show')} --watch`, `${exampleOf('show')} --by domain`],
  load: async () => (await import('./batch.ts')).batchShow,
});

const pause = defineCommand('pause', 'stop delivering', {
  description: 'Stop delivering a batch; it can be resumed.',
  argument: id,
  examples: examplesOf('pause'),
  load: async () => (await import('./batch.ts')).batchPause,
});

const delivers = { argument: id, settings: ['mail.rate', 'mail.connections'] } as const;

const resume = defineCommand('resume', 'continue a paused batch', {
  ...delivers,
  description: 'Continue until every recipient is settled.',
  examples: examplesOf('resume'),
  load: async () => (await import('./batch-resume.ts')).batchResume,
});

const retry = defineCommand('retry', 'try failed mails again', {
  ...delivers,
  description: 'Try the failed mails again, and only those.',
  examples: examplesOf('retry'),
  load: async () => (await import('./batch-resume.ts')).batchRetry,
});

export const reportOptions = {
  '--format <format>': 'csv, json, ndjson, or html: a page to pass on (default: csv, with --json ndjson)',
  '--status <list>': 'only these: queued, claimed, sent, failed, skipped, unknown, bounced',
  '--out <path>': 'write the html page to this file instead of stdout',
  '--no-people': "an html page without anybody's address",
} as const satisfies Options;

const report = defineCommand('report', 'list every recipient', {
  description:
    'Print every recipient, in the format that send --file reads; or, with --format html, a page to print and pass on: what was sent and why, who has a new password, and which mails failed.',
  argument: id,
  options: reportOptions,
  examples: [
    `${exampleOf('report')} --status failed > failed.csv`,
    `${exampleOf('report')} --format json`,
    `${exampleOf('report')} --format html --out report.html`,
  ],
  load: async () => (await import('./batch-report.ts')).batchReport,
});

export const remindOptions = {
  '--after <time>': 'people whose last mail is at least this old (default: 3d)',
  '--max <n>': 'most reminders that one person gets (default: 2)',
  '--reason-file <path>': "file with a paragraph for the mail (default: the batch's own)",
  '--dry-run': 'print the plan with a sample mail; send nothing',
  '--yes': 'do not ask',
  '--expect <n>': 'stop unless exactly this many people are due',
  '--canary <n>': 'send this many first, then pause',
  ...SCHEDULE,
  ...TICKET,
} as const satisfies Options;

const remind = defineCommand('remind', 'send a reminder', {
  description:
    'Mail a new link to the people of a batch who still have no new password. A reminder is a batch of its own; while it is unfinished, the same command continues it. People who have a new password, are not active, or did not get the last mail are not reminded.',
  argument: id,
  options: remindOptions,
  settings: ['mail.rate', 'mail.connections', 'token.expiresIn'],
  examples: [`${exampleOf('remind')} --dry-run`, `${exampleOf('remind')} --after 3d --max 2 --yes`],
  load: async () => (await import('./batch-remind.ts')).batchRemind,
});

export const cancelOptions = {
  '--yes': 'do not ask',
} as const satisfies Options;

const cancel = defineCommand('cancel', 'drop what is still queued', {
  description: 'Drop what is still queued. This cannot be undone.',
  argument: id,
  options: cancelOptions,
  examples: examplesOf('cancel'),
  load: async () => (await import('./batch.ts')).batchCancel,
});

export const batch = defineCommand('batch', 'follow and manage batches', {
  description: 'Follow and manage the batches that `send` creates for many recipients.',
  commands: [list, show, pause, resume, retry, remind, report, cancel],
  examples: ['reset batch list', 'reset batch resume 5f0c1d2e3a4b'],
});

export const cleanupOptions = {
  '--older-than <time>': 'what counts as old, such as 90d; one day at least (required)',
  '--audit-older-than <time>': 'remove audit rows of this age too, such as 730d',
} as const satisfies Options;

export const cleanup = defineCommand('cleanup', 'remove old mails and links', {
  description:
    'Remove settled mails, expired links, finished batches with their reports, and plans that nobody started. The audit log stays, unless you give it an age of its own.',
  options: cleanupOptions,
  examples: ['reset cleanup --older-than 90d', 'reset cleanup --older-than 365d --json'],
  load: async () => (await import('./cleanup.ts')).cleanup,
});
