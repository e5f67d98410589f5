import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResetError } from '../errors.ts';
import type { ReadMail } from './read-mail.ts';
import { parseMail } from './read-mail.ts';

/** Where mails can be looked at after they have gone through a mail server. */
export interface MailboxReader {
  /** The mail with this Message-ID (angle brackets included). Throws delivery_failed after `timeoutMs`. */
  waitFor(messageId: string, timeoutMs: number): Promise<ReadMail>;
}

const POLL_MS = 250;

/**
 * `http://…` or `https://…`: a mail catcher with Mailpit's API. `file:DIR`: a folder into which mails fall, one a file
 * (a maildir, or `.eml` files). Throws usage_invalid for anything else.
 */
export function openMailboxReader(url: string): MailboxReader {
  const find = /^https?:\/\//.test(url)
    ? fromMailpit(url)
    : url.startsWith('file:')
      ? fromFolder(url.slice(5))
      : undefined;
  if (!find) {
    throw new ResetError(
      'usage_invalid',
      'A mailbox is http://HOST:PORT of a Mailpit-compatible catcher, or file:DIR.',
    );
  }
  return {
    async waitFor(messageId, timeoutMs) {
      for (let left = timeoutMs; ; left -= POLL_MS) {
        const mail = await find(messageId);
        if (mail) return mail;
        if (left <= 0) {
          throw new ResetError(
            'delivery_failed',
            `The mail ${messageId} did not arrive in ${url} within ${timeoutMs / 1000} s.`,
          );
        }
        await sleep(POLL_MS);
      }
    },
  };
}

type Find = (messageId: string) => Promise<ReadMail | undefined>;

/** What of Mailpit's answers is read. */
interface MailpitList {
  readonly messages?: readonly { readonly ID: string; readonly MessageID: string }[];
}

/** More than a catcher gets while one mail is on its way. */
const NEWEST = 200;

function fromMailpit(url: string): Find {
  const base = url.replace(/\/+$/, '');
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(`${base}${path}`, { signal: AbortSignal.timeout(10_000) }).catch(
      (cause: unknown) => {
        throw new ResetError('delivery_failed', `The mailbox ${base} does not answer.`, { cause });
      },
    );
    if (response.ok) return response;
    throw new ResetError('delivery_failed', `The mailbox ${base}${path} answers ${response.status}.`);
  };
  return async (messageId) => {
    const { messages = [] } = (await (await get(`/api/v1/messages?limit=${NEWEST}`)).json()) as MailpitList;
    const bare = messageId.replace(/^<|>$/g, '');
    const found = messages.find((message) => message.MessageID.replace(/^<|>$/g, '') === bare);
    if (!found) return undefined;
    const raw = await get(`/api/v1/message/${encodeURIComponent(found.ID)}/raw`);
    return parseMail(Buffer.from(await raw.arrayBuffer()));
  };
}

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
