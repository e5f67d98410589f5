import { defineCommand, type Options } from '../command/define-command.ts';

export const smokeOptions = {
  '--email <address>': 'use this user (default: smoke.user, else a user created for the run)',
  '--allow': 'confirm that this is a test user',
  '--mailbox <url>':
    'look for the mails in http://… (Mailpit, MailHog) or file:DIR, behind the real mail server',
  '--url <url>': 'test the pages deployed there (default: its own on loopback; --native: baseUrl)',
  '--timeout <time>': { help: 'how long to wait for mails', default: '30s' },
  '--junit <file>': 'write the steps as JUnit XML',
} as const satisfies Options;

export const smoke = defineCommand('smoke', 'test a complete reset', {
  description: 'Run a complete reset on a test user, for CI. Puts everything back.',
  options: smokeOptions,
  settings: ['link.native'],
  examples: [
    'reset smoke --email canary@example.com --allow',
    'reset smoke --mailbox http://127.0.0.1:8026 --url http://127.0.0.1:8025 --junit smoke.xml',
  ],
  load: async () => (await import('./smoke.ts')).smoke,
});
