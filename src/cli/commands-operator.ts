import { Option, type Command } from 'commander';
import { examples, identified, TICKET, type Wrap } from './command-parts.ts';

/** What operators do beside sending: look, send again, check. */
export function addOperatorCommands(program: Command, wrap: Wrap): void {
  addLookups(program, wrap);
  addChecks(program, wrap);
}

function addLookups(program: Command, wrap: Wrap): void {
  examples(
    identified(program.command('status').argument('[email]', 'address of the user'))
      .description("the time line of a user's resets; without a user, what is pending and what failed")
      .option('--since <time>', 'failures since: 7d, 24h or 2026-11-22', '7d'),
    'reset status susan@example.com',
    'reset status --since 24h --json',
  ).action(wrap(async () => (await import('./commands/status.ts')).status));

  examples(
    identified(program.command('resend').argument('[email]', 'address of the user'))
      .description('mail the same live link again, under a new Message-ID')
      .option('--force', 'ignore the cool-down')
      .option(...TICKET),
    'reset resend susan@example.com',
    'reset resend --id 42 --force --ticket SUP-4711',
  ).action(wrap(async () => (await import('./commands/resend.ts')).resend));

  examples(
    identified(program.command('audit'))
      .description('print what happened, oldest first')
      .option('--since <time>', '7d, 24h or 2026-11-22')
      .option('--user <email>', 'of one user')
      .addOption(new Option('--format <format>', 'of the rows').choices(['csv', 'json', 'ndjson'])),
    'reset audit --since 24h',
    'reset audit --user susan@example.com --format csv > audit.csv',
  ).action(wrap(async () => (await import('./commands/audit.ts')).audit));

  examples(
    program.command('hashes').description('count the hash formats in the users table, and those below par'),
    'reset hashes',
    'reset hashes --json',
  ).action(wrap(async () => (await import('./commands/hashes.ts')).hashes));

  examples(
    program
      .command('presets')
      .argument('[name]', 'explain this one, with the SQL that a reset runs')
      .description('list the applications whose users tables are known')
      .option('--detect', 'which of them the configured database is'),
    'reset presets django',
    'reset presets --detect --database sqlite:app.db',
  ).action(wrap(async () => (await import('./commands/presets.ts')).presets));
}

function addChecks(program: Command, wrap: Wrap): void {
  examples(
    identified(program.command('doctor'))
      .description('check the whole set-up and say how to mend it; changes nothing and sends nothing')
      .option('--fix', 'mend what can be mended safely: file modes, migrations')
      .option('--online', 'visit the base URL, too')
      .option('--to <address>', 'ask the mail server whether it would take a mail to this address')
      .option('--user <email>', 'only this: ask for a known password of this user and check it')
      .option('--password-stdin', 'read that password from standard input (one line)'),
    'reset doctor --json',
    'printf "%s\\n" "$KNOWN" | reset doctor --user susan@example.com --password-stdin',
  ).action(wrap(async () => (await import('./commands/doctor.ts')).doctor));
}
