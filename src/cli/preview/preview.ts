import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResetError } from '../../errors.ts';
import { systemClock } from '../../create-reset.ts';
import type { MailFormat, PreviewName } from '../../flows/preview/preview-kinds.ts';
import { previewMail } from '../../flows/preview/preview-mail.ts';
import { previewPage } from '../../flows/preview/preview-page.ts';
import { decodeText } from '../../values/decode-text.ts';
import { makeTemporaryFolder } from '../../values/temporary-folder.ts';
import { writeNamedFile } from '../../values/write-file.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { previewOptions } from './declare.ts';
import { openConfig } from '../command/open-app.ts';
import { openInBrowser } from './open-in-browser.ts';
import { programName } from '../../values/program-name.ts';

/** `reset preview reset|notice|page`: on stdout, into a file, or in the browser. Opens neither database nor mail. */
export const preview: Command<OptionsOf<typeof previewOptions>> = async (context, [given], options) => {
  const subject = given as PreviewName; // commander has checked it
  const format = options.format ?? 'html';
  const content = await render(context, subject, format, options);
  if ((options.out === undefined && options.open !== true) || options.out === '-') {
    if (context.output.isJson) context.output.result({ preview: subject, format, content }, '');
    else context.output.raw(content.trimEnd());
    return 0;
  }
  const file = options.out ?? join(makeTemporaryFolder('reset-preview-'), `${subject}.${EXTENSIONS[format]}`);
  writeNamedFile(file, content, { option: '--out' });
  if (options.open === true) await openInBrowser(file);
  context.output.result({ preview: subject, format, file }, `${subject} is in ${file}`, 'ok');
  return 0;
};

const EXTENSIONS: Readonly<Record<MailFormat, string>> = { html: 'html', text: 'txt', eml: 'eml' };

async function render(
  context: Context,
  subject: PreviewName,
  format: MailFormat,
  options: OptionsOf<typeof previewOptions>,
): Promise<string> {
  assertFitting(subject, format, options);
  const config = await openConfig(context, []);
  if (subject === 'page') return previewPage(config, options.page ?? 'reset');
  const { occasion, lock: isLocked, ticket, reasonFile } = options;
  const reason = reasonFile === undefined ? undefined : readText(reasonFile);
  return previewMail(config, systemClock, { mail: subject, format, occasion, isLocked, ticket, reason });
}

/** Throws usage_invalid for options that nothing of this kind has. */
function assertFitting(
  subject: PreviewName,
  format: MailFormat,
  { page, occasion, lock, ticket, reasonFile }: OptionsOf<typeof previewOptions>,
): void {
  if (subject !== 'page') {
    if (page !== undefined) throw usage(`--page goes with: ${programName} preview page`);
    if ((lock ?? reasonFile) !== undefined && (occasion ?? 'batch') !== 'batch')
      throw usage('--lock and --reason-file go with --occasion batch.');
    return;
  }
  if (format !== 'html') throw usage('A page has one format: html.');
  if ([occasion, lock, ticket, reasonFile].some((given) => given !== undefined))
    throw usage('--occasion, --lock, --ticket and --reason-file belong to mails.');
}

function readText(path: string): string {
  try {
    return decodeText(readFileSync(path)).trim();
  } catch (cause) {
    throw usage(`The file ${path} of --reason-file can't be read.`, cause);
  }
}

const usage = (message: string, cause?: unknown): ResetError =>
  new ResetError('usage_invalid', message, cause === undefined ? {} : { cause });
