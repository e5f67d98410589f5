import type { Command } from 'commander';
import { examples, identified, TICKET, type Wrap } from './command-parts.ts';
import { addBatchCommands } from './batch/declare.ts';
import { addManual, addOperatorCommands } from './setup/declare.ts';
import { addPreviewCommand } from './preview/declare.ts';

/** Every command with its arguments, options and examples. What runs is imported when it runs. */
export function addCommands(program: Command, wrap: Wrap): void {
  addBatchCommands(program, wrap);
  addSendingCommands(program, wrap);
  addTokenCommands(program, wrap);
  addServices(program, wrap);
  addSetup(program, wrap);
  addOperatorCommands(program, wrap);
  addPreviewCommand(program, wrap);
  addManual(program, wrap);
}

function addSendingCommands(program: Command, wrap: Wrap): void {
  examples(
    identified(program.command('link').argument('[email]', 'address of the user'))
      .description('issue a token and print the link instead of mailing it')
      .option(...TICKET),
    'reset link susan@example.com',
    'reset link --username susan --expires-in 10m --json',
  ).action(wrap(async () => (await import('./links/link.ts')).link));

  examples(
    identified(program.command('revoke').argument('[email]', 'address of the user'))
      .description('kill every live link of a user')
      .option('--all', 'of everybody')
      .option('--yes', 'do not ask (with --all)')
      .option(...TICKET),
    'reset revoke susan@example.com',
    'reset revoke --all --yes --ticket INC-17',
  ).action(wrap(async () => (await import('./links/revoke.ts')).revoke));
}

function addTokenCommands(program: Command, wrap: Wrap): void {
  examples(
    program
      .command('verify')
      .argument('[token]', 'the token or link; better through standard input (-) or --token-file')
      .description('say whether a token is good, whose it is and until when; changes nothing')
      .option('--token-file <path>', 'read the token from a file'),
    'reset verify eyJhbGciOiJIUzI1NiIs…',
    'pbpaste | reset verify - --json',
  ).action(wrap(async () => (await import('./links/verify.ts')).verify));

  examples(
    program
      .command('apply')
      .argument('[token]', 'the token or link; better through standard input (-) or --token-file')
      .description('set the new password: asks for it twice, without echo')
      .option('--token-file <path>', 'read the token from a file')
      .option('--password-stdin', 'read the password from standard input (one line)')
      .option('--generate', 'make a good password and print it once')
      .option(...TICKET),
    'reset apply --token-file token.txt',
    'printf "%s\\n" "$NEW_PASSWORD" | reset apply --token-file token.txt --password-stdin',
  ).action(wrap(async () => (await import('./links/apply.ts')).apply));
}

function addServices(program: Command, wrap: Wrap): void {
  examples(
    program
      .command('serve')
      .description('answer the clicks on the links; also delivers what the request page queues'),
    'reset serve',
    'reset serve --host 127.0.0.1 --port 8025 --log-format json',
  ).action(wrap(async () => (await import('./services/serve.ts')).serve));

  examples(
    program
      .command('worker')
      .description('deliver queued mails until stopped; any number may run, on any number of machines')
      .option('--once', 'end when nothing is queued, delayed or claimed by anyone'),
    'reset worker',
    'reset worker --once --json',
  ).action(wrap(async () => (await import('./services/worker.ts')).worker));

  examples(
    program
      .command('demo')
      .description('a playground: database, users, mailbox and pages in one step')
      .option('--dir <folder>', 'where to put it', 'reset-demo')
      .option('--once', 'go through the whole loop by itself and end'),
    'reset demo',
    'reset demo --once',
  ).action(wrap(async () => (await import('./demo/demo.ts')).demo));
}

function addSetup(program: Command, wrap: Wrap): void {
  examples(
    program
      .command('migrate')
      .argument('[what]', 'up or status', 'up')
      .description('make or update our own tables in the configured database'),
    'reset migrate',
    'reset migrate status --json',
  ).action(wrap(async () => (await import('./setup/migrate.ts')).migrate));

  const user = program.command('user').description("users of the default preset's table");
  examples(
    user
      .command('add')
      .argument('<email>', 'address of the new user')
      .description('add a user')
      .option('--name <username>', 'user name')
      .option('--locale <tag>', 'language of the mails')
      .option(
        '--password-stdin',
        'read the password from standard input (one line); without it there is none yet',
      ),
    'reset user add susan@example.com --name susan',
    'printf "%s\\n" "$PASSWORD" | reset user add susan@example.com --password-stdin',
  ).action(wrap(async () => (await import('./users/user-add.ts')).userAdd));
  examples(
    user.command('list').description('list the users'),
    'reset user list',
    'reset user list --json',
  ).action(wrap(async () => (await import('./users/user-list.ts')).userList));
  examples(user, 'reset user add susan@example.com --name susan', 'reset user list');

  examples(
    program
      .command('keygen')
      .description('make a signing key')
      .option('--out <path>', 'write it to a new file of mode 0600 instead of printing it'),
    'reset keygen --out reset.key',
    'export RESET_SECRET="$(reset keygen)"',
  ).action(wrap(async () => (await import('./setup/keygen.ts')).keygen));
}
