import { resolve } from 'node:path';
import { isLoopback } from '../values/loopback.ts';
import { parseMailUrl } from './mail-url.ts';

/**
 * The mail server that a mail URL leads to, without login and options: `smtp://mail.example.com:587`, `file:/path`,
 * `sendmail:/path`.
 * Two URLs with the same answer deliver to the same place.
 */
export function nameMailServer(text: string): string {
  const url = parseMailUrl(text);
  if (url.kind === 'file') return `file:${resolve(url.directory)}`;
  if (url.kind === 'sendmail') return `sendmail:${url.program}`;
  const host = isLoopback(url.host) ? 'localhost' : url.host.toLowerCase();
  return `smtp://${host}:${url.port}`;
}

/**
 * Where the mail server in use comes from. `setup`: what the file, `.env` or environment says, or the same said again;
 * `override`: a flag or variable instead of it; `flag`: a flag, and nothing else names one.
 */
export type MailServerChoice = 'setup' | 'override' | 'flag';

/** `layers`: the mail URLs that were found, the strongest first, and whether each is a flag. */
export function chooseMailServer(
  layers: readonly { readonly url: string; readonly isFlag: boolean }[],
): MailServerChoice {
  const [used] = layers;
  const base = layers.at(-1);
  if (!used || !base) return 'setup';
  if (base.isFlag) return 'flag';
  return isSameServer(used.url, base.url) ? 'setup' : 'override';
}

/** An overridden value need not be valid. */
function isSameServer(used: string, base: string): boolean {
  try {
    return nameMailServer(used) === nameMailServer(base);
  } catch {
    return false;
  }
}
