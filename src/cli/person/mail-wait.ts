import type { SendResult } from '../../flows/links/send-reset.ts';
import type { App } from '../../app.ts';
import { parseMailUrl } from '../../config/mail-url.ts';
import type { Identifier } from '../../create-reset.ts';
import { programName, quoteWord } from '../../values/program-name.ts';
import type { Context } from '../command/context.ts';
import { startWaiting } from '../terminal/waiting.ts';

/** Called before each attempt to deliver a mail that is in the outbox; counts from 1. */
type OnAttempt = (attempt: number) => void;

/**
 * While a mail is delivered: which server is waited for and which attempt it is. From the first attempt on, a Ctrl-C says
 * `leaving`, since nothing is lost then.
 */
export async function withMailWait<T>(
  context: Context,
  app: App,
  leaving: string,
  work: (onAttempt: OnAttempt) => Promise<T>,
): Promise<T> {
  const server = serverOf(app);
  const waiting = startWaiting(context, server);
  try {
    return await work((attempt) => {
      context.onInterruption(leaving);
      waiting.say(attempt === 1 ? server : `${server}, attempt ${attempt}`);
    });
  } finally {
    context.onInterruption(undefined);
    waiting.end();
  }
}

/** Under the name that people know, without a password. */
function serverOf({ config }: App): string {
  const text = config.mail.url?.reveal();
  if (text === undefined) return 'the mail server';
  const url = parseMailUrl(text);
  if (url.kind === 'file') return url.directory;
  return url.kind === 'sendmail' ? url.program : `${url.host}:${url.port}`;
}

/** For a mail with a link to the user who was named like this. */
export function leavingText(identifier: Identifier): string {
  const [[kind, value] = ['email', '']] = Object.entries<string>(identifier);
  const named = kind === 'email' ? quoteWord(value) : `--${kind} ${quoteWord(value)}`;
  return `Stopped waiting. The mail is queued: ${programName} status ${named}`;
}

const UNSENT: Readonly<Record<string, string>> = {
  queued: 'Queued, not sent yet',
  skipped: 'Skipped',
  failed: 'Not delivered',
  unknown: 'May have arrived',
};

/** `Queued, not sent yet: susan@example.com`, for a mail that was not sent. */
export const describeUnsent = (status: SendResult['status'], email: string): string =>
  `${UNSENT[status] ?? status}: ${email}`;
