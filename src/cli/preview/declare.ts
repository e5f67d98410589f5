import { MAIL_FORMATS, OCCASIONS, PAGE_VIEWS, PREVIEWS } from '../../flows/preview/preview-kinds.ts';
import { defineCommand, type Options } from '../command/define-command.ts';

export const previewOptions = {
  '--format <format>': { help: 'of a mail (default: html)', choices: MAIL_FORMATS },
  '--page <page>': { help: 'which page (default: reset)', choices: PAGE_VIEWS },
  '--occasion <occasion>': {
    help: 'how its link came about: asked for on the page, sent by support, or in a batch (default: page)',
    choices: OCCASIONS,
  },
  '--lock': 'the mail of a batch that locks the old passwords',
  '--ticket <text>': 'the mail as support sends it, with this ticket',
  '--reason-file <path>': 'the mail as in a batch, with this text',
  '--out <path>': 'write it to a file',
  '--open': 'open it in the browser',
} as const satisfies Options;

export const preview = defineCommand('preview', 'show mails and pages', {
  description: 'Render a mail or page to standard output, to a file or in the browser.',
  argument: ['<what>', 'mail or page', PREVIEWS],
  options: previewOptions,
  settings: ['mail.locale', 'templates', 'appName'],
  examples: [
    'reset preview reset --locale ko --format text',
    'reset preview reset --occasion support',
    'reset preview page --page expired --open',
  ],
  load: async () => (await import('./preview.ts')).preview,
});
