import { Argument, Option, type Command } from 'commander';
import { examples, identified, TICKET, type Wrap } from '../command-parts.ts';

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
  ).action(wrap(async () => (await import('../history/status.ts')).status));

  examples(
    identified(program.command('resend').argument('[email]', 'address of the user'))
      .description('mail the same live link again, under a new Message-ID')
      .option('--force', 'ignore the cool-down')
      .option(...TICKET),
    'reset resend susan@example.com',
    'reset resend --id 42 --force --ticket SUP-4711',
  ).action(wrap(async () => (await import('../links/resend.ts')).resend));

  examples(
    identified(program.command('audit'))
      .description('print what happened, oldest first')
      .option('--since <time>', '7d, 24h or 2026-11-22')
      .option('--user <email>', 'of one user')
      .addOption(new Option('--format <format>', 'of the rows').choices(['csv', 'json', 'ndjson'])),
    'reset audit --since 24h',
    'reset audit --user susan@example.com --format csv > audit.csv',
  ).action(wrap(async () => (await import('../history/audit.ts')).audit));

  examples(
    program.command('hashes').description('count the hash formats in the users table, and those below par'),
    'reset hashes',
    'reset hashes --json',
  ).action(wrap(async () => (await import('../users/hashes.ts')).hashes));

  examples(
    program
      .command('presets')
      .argument('[name]', 'explain this one, with the SQL that a reset runs')
      .description('list the applications whose users tables are known')
      .option('--detect', 'which of them the configured database is'),
    'reset presets django',
    'reset presets --detect --database sqlite:app.db',
  ).action(wrap(async () => (await import('./presets.ts')).presets));
}

function addChecks(program: Command, wrap: Wrap): void {
  examples(
    program
      .command('init')
      .description('set it up: recognise the application, make the key, write reset.config.json, migrate')
      .option('--yes', 'take what is proposed, and ask nothing')
      .option('--force', 'write reset.config.json anew if it is there (a key is never overwritten)'),
    'reset init',
    'reset init --yes --no-input --database sqlite:app.db --base-url https://example.com --mail-url file:mailbox --mail-from noreply@example.com',
  ).action(wrap(async () => (await import('./init.ts')).init));

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
  ).action(wrap(async () => (await import('./doctor.ts')).doctor));

  examples(
    program
      .command('smoke')
      .description('a reset from end to end on a user who is there for it, for CI; puts everything back')
      .option('--email <address>', 'try it on this user (default: smoke.user, else one made for the run)')
      .option('--allow', 'this user is there to be tried on')
      .option(
        '--mailbox <url>',
        'find the mails in http://… (Mailpit) or file:DIR, after the real mail server',
      )
      .option(
        '--url <url>',
        'walk the pages that are deployed there (default: own ones on loopback; --native: baseUrl)',
      )
      .option('--timeout <time>', 'wait so long for mails', '30s')
      .option('--junit <file>', 'write the steps as JUnit XML'),
    'reset smoke --email canary@example.com --allow',
    'reset smoke --mailbox http://127.0.0.1:8026 --url http://127.0.0.1:8025 --junit smoke.xml',
  ).action(wrap(async () => (await import('../smoke/smoke.ts')).smoke));
}

/** `help` and `completion` know every command, so they come last. */
export function addManual(program: Command, wrap: Wrap): void {
  examples(
    program
      .command('completion')
      .addArgument(new Argument('<shell>', 'yours').choices(['bash', 'zsh', 'fish']))
      .description('a script that completes commands, options, presets and batches'),
    'eval "$(reset completion bash)"',
    'reset completion fish | source',
  ).action(wrap(async () => (await import('../manual/completion.ts')).completionOf(program)));

  examples(
    program
      .command('help')
      .argument('[topic...]', 'a command, or a page of the manual')
      .description('the page of a command, or a longer page of the manual'),
    'reset help bulk',
    'reset help user add',
  ).action(wrap(async () => (await import('../manual/help.ts')).helpOf(program)));
}
