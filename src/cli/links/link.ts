import type { LinkResult } from '../../flows/links/issue-link.ts';
import { processEnvironment } from '../../config/environment.ts';
import { ResetError } from '../../errors.ts';
import { timeAndDistance } from '../../values/instant.ts';
import { nameUser } from '../../values/name-user.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { withApp } from '../command/open-app.ts';
import { warnOfNativeLinks } from '../command/warn-of-native-links.ts';
import type { Clipboard } from './clipboard.ts';
import type { linkOptions } from './declare.ts';

/**
 * `reset link`: the URL alone on stdout, so that it can be piped; who and until when on stderr. With --copy it goes into
 * the clipboard instead, with --qr onto the screen as a code for a camera.
 */
export const link: Command<OptionsOf<typeof linkOptions>> = async (
  context,
  emails,
  { ticket, copy = false, qr = false, ...named },
) => {
  const identifier = identifierFrom(emails, named);
  const clipboard = copy ? await openClipboard() : undefined; // before a link is made in vain
  return withApp(context, { needed: ['database', 'baseUrl', 'secret'] }, async ({ app, reset }) => {
    await warnOfNativeLinks(context, app);
    const issued = await forUser(context, app, identifier, (one) => reset.link({ ...one, ticket }));
    await hand(context, issued, { clipboard, qr });
    const until = timeAndDistance(issued.expiresAt, app.clock.now());
    context.output.info(
      `For ${nameUser(issued)}. It works until ${until}. Anyone with this link can set the password.`,
    );
    return 0;
  });
};

async function openClipboard(): Promise<Clipboard> {
  const { findClipboard } = await import('./clipboard.ts');
  const clipboard = findClipboard(processEnvironment(), process.platform);
  if (clipboard) return clipboard;
  throw new ResetError(
    'usage_invalid',
    'There is no clipboard here: --copy needs pbcopy, wl-copy, xclip or clip.exe, and a desktop. Without --copy the link is printed.',
  );
}

interface Ways {
  readonly clipboard: Clipboard | undefined;
  readonly qr: boolean;
}

/** The link exists already, so if anything goes wrong on the way, it is printed. */
async function hand({ output }: Context, issued: LinkResult, { clipboard, qr }: Ways): Promise<void> {
  const ways = [
    ...(clipboard === undefined ? [] : [() => copied(output, clipboard, issued.url)]),
    ...(qr && !output.isJson ? [() => drawn(output, issued.url)] : []),
  ];
  let isHanded = ways.length > 0 && !output.isJson;
  for (const way of ways) {
    const failure = await way();
    if (failure === undefined) continue;
    output.warn(failure);
    isHanded = false;
  }
  if (!isHanded) output.result(issued, issued.url);
}

async function copied(
  output: Context['output'],
  clipboard: Clipboard,
  url: string,
): Promise<string | undefined> {
  const { copyText } = await import('./clipboard.ts');
  const failure = await copyText(clipboard, url);
  if (failure !== undefined) return `Nothing was copied (${failure}). The link:`;
  output.info('The link is in the clipboard.');
  return undefined;
}

async function drawn(output: Context['output'], url: string): Promise<string | undefined> {
  const { qrCode } = await import('./qr-code.ts');
  const { width, lines } = qrCode(url, { hasColor: output.paint.bold('x') !== 'x' });
  if (process.stdout.isTTY && (process.stdout.columns || 80) < width)
    return `The terminal is too narrow for a QR code: it takes ${width} columns. The link:`;
  output.raw(lines.join('\n'));
  return undefined;
}
