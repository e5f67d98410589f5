import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResetError } from '../errors.ts';
import { openCatcher } from './catcher.ts';
import type { ReadMail } from './read-mail.ts';
import { parseMail } from './read-mail.ts';

/** Where mails can be looked at after they have gone through a mail server. */
export interface MailboxReader {
  /** The mail with this Message-ID (angle brackets included). Throws delivery_failed after `timeoutMs`. */
  waitFor(messageId: string, timeoutMs: number): Promise<ReadMail>;
}

const POLL_MS = 250;

/**
 * `http://…` or `https://…`: a mail catcher with Mailpit's or MailHog's API. `file:DIR`: a folder into which mails fall,
 * one a file (a maildir, or `.eml` files). Throws usage_invalid for anything else, and never repeats what was given.
 */
export function openMailboxReader(url: string): MailboxReader {
  const { find, name } = open(url);
  return {
    async waitFor(messageId, timeoutMs) {
      for (let left = timeoutMs; ; left -= POLL_MS) {
        const mail = await find(messageId);
        if (mail) return mail;
        if (left <= 0) {
          throw new ResetError(
            'delivery_failed',
            `The mail ${messageId} did not arrive in ${name} within ${timeoutMs / 1000} s.`,
          );
        }
        await sleep(POLL_MS);
      }
    },
  };
}

function open(url: string): { readonly find: Find; readonly name: string } {
  if (/^https?:/i.test(url)) return openCatcher(url);
  if (url.startsWith('file:') && url.length > 'file:'.length) {
    const folder = url.slice('file:'.length);
    return { find: fromFolder(folder), name: folder };
  }
  throw new ResetError(
    'usage_invalid',
    '--mailbox is not a mailbox. Give http://HOST:PORT of Mailpit or MailHog, or file:DIR.',
  );
}

type Find = (messageId: string) => Promise<ReadMail | undefined>;

function fromFolder(folder: string): Find {
  const seen = new Set<string>();
  return async (messageId) => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || entry.name.endsWith('.partial') || seen.has(path)) continue;
      const source = await readFile(path).catch(() => undefined); // a mail server may move it at this moment
      if (source === undefined) continue;
      const mail = await parseMail(source);
      if (mail.messageId === messageId) return mail;
      seen.add(path);
    }
    return undefined;
  };
}
