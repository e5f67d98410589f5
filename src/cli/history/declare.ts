import { defineCommand, IDENTIFIED, type Options } from '../command/define-command.ts';

export const statusOptions = {
  ...IDENTIFIED,
  '--all': "every row of the user's history, not only the last ten",
  '--since <time>': { help: 'failures since: 7d, 24h or 2026-11-22', default: '7d' },
} as const satisfies Options;

export const status = defineCommand('status', "show a user's history", {
  description:
    "Show a user's history and, below it, how things stand: whether a reset is possible, which links live and whether their mails arrived at the mail server, when the next mail can be sent. Without a user: what is pending and what failed.",
  argument: ['[email]', 'address of the user'],
  options: statusOptions,
  examples: ['reset status susan@example.com', 'reset status --since 24h --json'],
  load: async () => (await import('./status.ts')).status,
});

export const auditOptions = {
  ...IDENTIFIED,
  '--since <time>': '7d, 24h or 2026-11-22',
  '--user <email>': 'of one user',
  '--format <format>': { help: 'of the rows', choices: ['csv', 'json', 'ndjson'] },
} as const satisfies Options;

export const audit = defineCommand('audit', 'print the audit log', {
  description: 'Print the audit log, oldest first.',
  options: auditOptions,
  examples: ['reset audit --since 24h', 'reset audit --user susan@example.com --format csv > audit.csv'],
  load: async () => (await import('./audit.ts')).audit,
});
