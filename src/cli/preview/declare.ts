import { Argument, Option, type Command } from 'commander';
import { MAIL_FORMATS, PAGE_VIEWS, PREVIEWS } from '../../flows/preview/preview-kinds.ts';
import { examples, type Wrap } from '../command-parts.ts';

/** Looking at mails and pages before anybody gets them. */
export function addPreviewCommand(program: Command, wrap: Wrap): void {
  examples(
    program
      .command('preview')
      .addArgument(new Argument('<what>', 'mail or page').choices(PREVIEWS))
      .description('render a mail or page, on standard output, into a file or in the browser')
      .addOption(new Option('--format <format>', 'of a mail (default: html)').choices(MAIL_FORMATS))
      .addOption(new Option('--page <page>', 'which page (default: reset)').choices(PAGE_VIEWS))
      .option('--ticket <text>', 'the mail as an administrator sends it, with this ticket')
      .option('--reason-file <path>', 'the mail as in a batch, with this text')
      .option('--out <path>', 'write it to a file')
      .option('--open', 'open it in the browser'),
    'reset preview reset --locale ko --format text',
    'reset preview page --page expired --open',
  ).action(wrap(async () => (await import('./preview.ts')).preview));
}
