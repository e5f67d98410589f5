import type { Command } from 'commander';
import { examples, identified, TICKET, type Wrap } from '../command-parts.ts';

/** `send`, `batch …` and `cleanup`. */
export function addBatchCommands(program: Command, wrap: Wrap): void {
  addSend(program, wrap);
  addBatch(program, wrap);
  examples(
    program
      .command('cleanup')
      .description('remove settled mails and expired links; the audit stays')
      .option('--older-than <time>', 'what is old, such as 90d; never without it'),
    'reset cleanup --older-than 90d',
    'reset cleanup --older-than 365d --json',
  ).action(wrap(async () => (await import('./cleanup.ts')).cleanup));
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

function addSend(program: Command, wrap: Wrap): void {
  examples(
    identified(program.command('send').argument('[email...]', 'addresses of users'))
      .description('issue a token and mail the link; to many, as a batch that can be resumed')
      .option('--force', 'ignore the cool-down (a batch has none)')
      .option(...TICKET)
      .option(
        '--file <path>',
        'recipients: CSV with a header "email" or "id", or one address a line; - for stdin',
      )
      .option('--all', 'all users')
      .option(
        '--where <column=value>',
        'users with this value in a column of the users table (repeatable)',
        collect,
        [],
      )
      .option('--exclude <path>', 'a file of people who stay out')
      .option('--except <column=value>', 'users who stay out (repeatable)', collect, [])
      .option('--skip-if-changed-since <time>', 'skip who has a new password since: 2026-11-22, or 7d ago')
      .option('--dry-run', 'print the plan with three samples; send nothing')
      .option('--yes', 'do not ask')
      .option('--expect <n>', 'stop if there is another number of recipients')
      .option('--ignore-unknown', 'skip lines that name no user')
      .option('--canary <n>', 'send so many, then pause')
      .option('--redirect-to <address>', 'send every mail there instead, with a link that does nothing')
      .option('--reason-file <path>', 'a paragraph for the mail')
      .option('--rate-per-domain <n/s>', 'most mails a second to one domain')
      .option('--new', 'another batch, although one of this selection is unfinished')
      .option('--lock', 'breach mode: replace the passwords by one that nobody knows, and end sessions')
      .option('--mail <none>', 'none: only lock'),
    'reset send susan@example.com --ticket SUP-4711',
    'reset send --all --dry-run',
    'reset send --file people.csv --rate 14/s --canary 5 --yes --expect 1200',
    'reset send --where team=support --reason-file why.txt',
  ).action(wrap(async () => (await import('./send.ts')).send));
}

function addBatch(program: Command, wrap: Wrap): void {
  const batch = program.command('batch').description('batches that `send` to many made');
  const add = (name: string, description: string, ...lines: readonly string[]) =>
    examples(batch.command(name).argument('<id>', 'of the batch').description(description), ...lines);
  examples(
    batch.command('list').description('the newest batches'),
    'reset batch list',
    'reset batch list --json',
  ).action(wrap(async () => (await import('./batch.ts')).batchList));
  add(
    'show',
    'where a batch stands',
    'reset batch show 5f0c1d2e3a4b',
    'reset batch show 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch.ts')).batchShow));
  add(
    'pause',
    'no worker takes more of it',
    'reset batch pause 5f0c1d2e3a4b',
    'reset batch pause 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch.ts')).batchPause));
  add(
    'resume',
    'go on and deliver until everybody has a fate',
    'reset batch resume 5f0c1d2e3a4b',
    'reset batch resume 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch-resume.ts')).batchResume));
  add(
    'retry',
    'try again what failed, and only that',
    'reset batch retry 5f0c1d2e3a4b',
    'reset batch retry 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch-resume.ts')).batchRetry));
  add(
    'report',
    'every recipient, in the format that send --file reads',
    'reset batch report 5f0c1d2e3a4b --status failed > failed.csv',
    'reset batch report 5f0c1d2e3a4b --format json',
  )
    .option('--format <format>', 'csv, json or ndjson (default: csv, with --json ndjson)')
    .option('--status <list>', 'only these: queued, claimed, sent, failed, skipped, unknown')
    .action(wrap(async () => (await import('./batch-report.ts')).batchReport));
  add(
    'cancel',
    'what waits is never sent',
    'reset batch cancel 5f0c1d2e3a4b',
    'reset batch cancel 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch.ts')).batchCancel));
  examples(batch, 'reset batch list', 'reset batch resume 5f0c1d2e3a4b');
}
