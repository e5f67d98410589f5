import { ResetError } from '../errors.ts';
import { explainFetch } from '../values/network-words.ts';
import type { CatcherUrl } from './mailbox-url.ts';
import { parseCatcherUrl } from './mailbox-url.ts';
import type { ReadMail } from './read-mail.ts';
import { parseMail } from './read-mail.ts';

/** More than a catcher gets while one mail is on its way. */
const NEWEST = 200;
const PATIENCE_MS = 10_000;

/** The part of Mailpit's list that is read. */
interface MailpitList {
  readonly messages: readonly { readonly ID: string; readonly MessageID: string }[];
}

/** The part of MailHog's list that is read: a bare array, and each entry has the whole mail. */
type MailhogList = readonly {
  readonly Content: { readonly Headers: Readonly<Record<string, readonly string[] | undefined>> };
  readonly Raw: { readonly Data: string };
}[];

type Find = (messageId: string) => Promise<ReadMail | undefined>;

/** The mail with a Message-ID in a catcher with the API of Mailpit or MailHog. Throws delivery_failed, with the cause. */
export function openCatcher(text: string): { readonly find: Find; readonly name: string } {
  const url = parseCatcherUrl(text);
  return {
    name: url.base,
    find: async (messageId) => {
      const list = await getList(url);
      return isMailhog(list) ? findInMailhog(list, messageId) : findInMailpit(url, list, messageId);
    },
  };
}

async function getList(url: CatcherUrl): Promise<MailpitList | MailhogList> {
  const answer = await get(url, `/api/v1/messages?limit=${NEWEST}`);
  const list: unknown = await answer.json().catch(() => undefined);
  if (isMailhog(list) || isMailpit(list)) return list;
  throw unknownApi(url, 'does not answer with a list of mails');
}

const unknownApi = ({ base }: CatcherUrl, why: string) =>
  new ResetError(
    'delivery_failed',
    `The mailbox ${base} has neither Mailpit's API nor MailHog's: /api/v1/messages ${why}. Have the mails written to a folder instead, and give --mailbox file:DIR.`,
  );

const isMailpit = (list: unknown): list is MailpitList =>
  isObject(list) &&
  Array.isArray(list['messages']) &&
  list['messages'].every(
    (each) => isObject(each) && typeof each['ID'] === 'string' && typeof each['MessageID'] === 'string',
  );

const isMailhog = (list: unknown): list is MailhogList =>
  Array.isArray(list) &&
  list.every(
    (each) =>
      isObject(each) &&
      isObject(each['Content']) &&
      isObject(each['Content']['Headers']) &&
      isObject(each['Raw']) &&
      typeof each['Raw']['Data'] === 'string',
  );

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const bare = (messageId: string): string => messageId.trim().replace(/^<|>$/g, '');

async function findInMailpit(url: CatcherUrl, { messages }: MailpitList, messageId: string) {
  const found = messages.find((message) => bare(message.MessageID) === bare(messageId));
  if (!found) return undefined;
  const raw = await get(url, `/api/v1/message/${encodeURIComponent(found.ID)}/raw`);
  return parseMail(Buffer.from(await raw.arrayBuffer()));
}

async function findInMailhog(list: MailhogList, messageId: string): Promise<ReadMail | undefined> {
  const found = list.find(({ Content: { Headers } }) =>
    (Headers['Message-ID'] ?? Headers['Message-Id'])?.some((id) => bare(id) === bare(messageId)),
  );
  return found && parseMail(Buffer.from(found.Raw.Data));
}

async function get(url: CatcherUrl, path: string): Promise<Response> {
  const { base, authorization } = url;
  const response = await fetch(`${base}${path}`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: { accept: 'application/json', ...(authorization && { authorization: authorization.reveal() }) },
  }).catch((cause: unknown) => {
    throw new ResetError(
      'delivery_failed',
      `The mailbox cannot be read. ${explainFetch(cause, url)}${adviceFor(cause)}`,
      {
        cause,
      },
    );
  });
  if (response.ok) return response;
  if (response.status === 401 || response.status === 403) throw refused(url, response.status);
  if (response.status === 404) throw unknownApi(url, 'answers 404');
  throw new ResetError('delivery_failed', `The mailbox ${base} answers ${response.status}.`);
}

const refused = ({ base, authorization }: CatcherUrl, status: number) =>
  new ResetError(
    'delivery_failed',
    authorization === undefined
      ? `The mailbox ${base} asks for a login (${status}). Give it in the URL: --mailbox http://user:password@host:port`
      : `The mailbox ${base} refuses the user or password of --mailbox (${status}).`,
  );

/** A private certificate authority is named by Node's own variable. */
const adviceFor = (cause: unknown): string =>
  /UNABLE_TO|SELF_SIGNED|DEPTH_ZERO/.test(String((cause as { cause?: { code?: string } }).cause?.code))
    ? ' Name it with NODE_EXTRA_CA_CERTS=ca.pem in the environment.'
    : '';
