import { findTags } from '../bounce-address.ts';
import { oneLine } from '../../values/printable.ts';
import { findMessageIds, verdictOf, type Reported } from './bounce.ts';

/** One mail → what it reports, if it is a delivery status notification (RFC 3464). Never throws for what a mail holds. */
export async function parseReport(source: Buffer): Promise<Reported> {
  const { simpleParser } = await import('mailparser');
  const parsed = await simpleParser(source, {
    keepDeliveryStatus: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    skipHtmlToText: true,
  }).catch(() => undefined);
  if (!parsed || !PLAIN.some((name) => parsed.headers.has(name))) return { none: 'unreadable' };
  const status = parsed.attachments.find(({ contentType }) =>
    /^message\/(?:global-)?delivery-status$/.test(contentType),
  );
  const type = parsed.headers.get('content-type') as TypeHeader | undefined;
  const isReport =
    type?.value === 'multipart/report' && type.params['report-type']?.toLowerCase() === 'delivery-status';
  if (!isReport || status === undefined)
    return { none: isAutomatic(parsed.headers) ? 'auto_reply' : 'other' };
  return readStatus(status.content.toString('latin1'), source.toString('latin1'));
}

/** A mail has one of these at least. */
const PLAIN = ['from', 'to', 'subject', 'date', 'received', 'return-path'];

interface TypeHeader {
  readonly value: string;
  readonly params: Readonly<Record<string, string | undefined>>;
}

/** RFC 3834, and what programs did before it. */
function isAutomatic(headers: ReadonlyMap<string, unknown>): boolean {
  const said = headers.get('auto-submitted');
  if (typeof said === 'string' && /^auto-/i.test(said)) return true;
  return headers.has('x-autoreply') || headers.has('x-autorespond');
}

/** Addresses that one report names; ours are to one person each. */
const NAMED = 20;

type Fields = ReadonlyMap<string, string>;

const fieldOf = (fields: Fields, name: string): string => fields.get(name) ?? '';

function readStatus(text: string, whole: string): Reported {
  const groups = text
    .split(/\r?\n[ \t]*\r?\n/)
    .map(fieldsOf)
    .filter((fields) => fields.has('action'));
  const [failed = [], delayed = []] = ['failed', 'delayed'].map((action) =>
    groups.filter((fields) => fieldOf(fields, 'action').toLowerCase().startsWith(action)),
  );
  const named = failed.length > 0 ? failed : delayed;
  const [first] = named;
  if (!first) return { none: 'other' }; // delivered, relayed, expanded
  const { status, words } = causeOf(first);
  // An address that leads to several mailboxes has been reached if one of them took it.
  const isOver = failed.length === groups.length;
  return {
    source: 'dsn',
    verdict: isOver ? verdictOf(status, words) : 'temporary',
    tags: findTags(whole),
    messageIds: findMessageIds(whole),
    recipients: named.slice(0, NAMED).flatMap(recipientsOf),
    status,
    words,
  };
}

function causeOf(fields: Fields): { status: string | null; words: string } {
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fieldOf(fields, 'status'))?.[0] ?? null;
  const said = fieldOf(fields, 'diagnostic-code').replace(/^[\w-]+\s*;\s*/, '');
  return { status, words: oneLine(said === '' ? (status ?? '') : said, 1000) };
}

/** `Name: value` lines, unfolded; the first of a name counts. */
function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([\w-]+)[ \t]*:[ \t]*(.*)$/.exec(line) ?? [];
    if (name !== '' && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value.trim());
  }
  return fields;
}

const recipientsOf = (fields: Fields): string[] =>
  ['original-recipient', 'final-recipient'].flatMap((name) => {
    const [, address] = /^[\w-]+\s*;\s*<?([^<>\s]+)>?$/.exec(fieldOf(fields, name)) ?? [];
    return address === undefined ? [] : [address];
  });
