import type { Command } from 'commander';
import { examples, identified, TICKET, type Wrap } from '../command-parts.ts';

/** `send`, `batch …` and `cleanup`. */
export function addBatchCommands(program: Command, wrap: Wrap): void {
  addSend(program, wrap);
  addBatch(program, wrap);
  examples(
    program
      .command('cleanup')
      .description('remove settled mails, expired links and ended batches; the audit stays')
      .option('--older-than <time>', 'remove what is older than this, such as 90d (at least 1d)'),
    'reset cleanup --older-than 90d',
    'reset cleanup --older-than 365d --json',
  ).action(wrap(async () => (await import('./cleanup.ts')).cleanup));
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

function addSend(program: Command, wrap: Wrap): void {
  examples(
    identified(program.command('send').argument('[email...]', 'addresses of users'))
      .description('mail a reset link; several recipients become a resumable batch')
      .option('--force', 'ignore the cool-down (a batch has none)')
      .option(...TICKET)
      .option(
        '--file <path>',
        'recipients: a CSV file with a column "email" or "id", or one address per line; - for stdin',
      )
      .option('--all', 'all users')
      .option(
        '--where <column=value>',
        'users with this value in a column of the users table (repeatable)',
        collect,
        [],
      )
      .option('--column <name>', 'the column of the file that holds the addresses (id=NAME: the ids)')
      .option('--exclude <path>', 'file of people to leave out; a line that names nobody stops everything')
      .option('--except <column=value>', 'users to leave out (repeatable)', collect, [])
      .option(
        '--skip-if-changed-since <time>',
        'skip users whose password has changed since: 2026-11-22, or 7d',
      )
      .option('--dry-run', 'print the plan with sample mails; send nothing')
      .option('--yes', 'do not ask for confirmation')
      .option('--expect <n>', 'stop unless exactly this many recipients match')
      .option('--ignore-unknown', 'skip lines that name no user, or two different ones')
      .option('--canary <n>', 'send this many first, then pause')
      .option(
        '--redirect-to <address>',
        'send every mail to this address instead, with a link that does nothing',
      )
      .option('--reason-file <path>', 'text file with a paragraph for the mail')
      .option('--rate-per-domain <n/s>', 'maximum rate to any one domain')
      .option('--new', 'start a new batch even if there is one for the same selection')
      .option('--lock', 'breach mode: replace each password with one nobody knows, and end sessions')
      .option('--mail <none>', 'none: lock only, mail nobody'),
    'reset send susan@example.com --ticket SUP-4711',
    'reset send --all --dry-run',
    'reset send --file people.csv --rate 14/s --canary 5 --yes --expect 1200',
    'reset send --where team=support --reason-file why.txt',
  ).action(wrap(async () => (await import('./send.ts')).send));
}

function addBatch(program: Command, wrap: Wrap): void {
  const batch = program.command('batch').description('show, pause, resume and report batches of mails');
  const add = (name: string, description: string, ...lines: readonly string[]) =>
    examples(
      batch
        .command(name)
        .argument('<id>', 'the batch, as `reset batch list` shows it')
        .description(description),
      ...lines,
    );
  examples(
    batch.command('list').description('list the newest batches'),
    'reset batch list',
    'reset batch list --json',
  ).action(wrap(async () => (await import('./batch.ts')).batchList));
  add(
    'show',
    'show the progress of a batch',
    'reset batch show 5f0c1d2e3a4b',
    'reset batch show 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch.ts')).batchShow));
  add(
    'pause',
    'stop delivering, in every process',
    'reset batch pause 5f0c1d2e3a4b',
    'reset batch pause 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch.ts')).batchPause));
  add(
    'resume',
    'continue until every recipient is settled',
    'reset batch resume 5f0c1d2e3a4b',
    'reset batch resume 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch-resume.ts')).batchResume));
  add(
    'retry',
    'try the failed mails again, and only those',
    'reset batch retry 5f0c1d2e3a4b',
    'reset batch retry 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch-resume.ts')).batchRetry));
  add(
    'report',
    'list every recipient, in a format that send --file reads',
    'reset batch report 5f0c1d2e3a4b --status failed > failed.csv',
    'reset batch report 5f0c1d2e3a4b --format json',
  )
    .option('--format <format>', 'csv, json or ndjson (default: csv, with --json ndjson)')
    .option(
      '--status <list>',
      'only these, separated by commas: queued, claimed, sent, failed, skipped, unknown',
    )
    .action(wrap(async () => (await import('./batch-report.ts')).batchReport));
  add(
    'cancel',
    'drop what is still queued; it cannot be undone',
    'reset batch cancel 5f0c1d2e3a4b',
    'reset batch cancel 5f0c1d2e3a4b --json',
  ).action(wrap(async () => (await import('./batch.ts')).batchCancel));
  examples(batch, 'reset batch list', 'reset batch resume 5f0c1d2e3a4b');
}
