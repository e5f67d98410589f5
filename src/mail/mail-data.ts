import { domainToASCII } from 'node:url';
import { checkRecipient, checkSender } from './check-addresses.ts';
import type { Message } from './message.ts';

/** What nodemailer is given: plain strings and address objects, one recipient said twice. */
export interface MailData {
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo?: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly envelope: { readonly from: string; readonly to: string[] };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly textEncoding: 'base64' | 'quoted-printable';
  readonly messageId: string;
  readonly date: Date;
  readonly headers: Record<string, string>;
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
}

function toAscii(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}

/**
 * The last check before a library sees an address (R65). Address objects, because a string is parsed as a list; the
 * envelope explicitly, because it decides who gets the mail (R64); both access flags, and never `raw` (R70).
 */
export function toMailData(message: Message, nowMs: number): MailData {
  checkRecipient(message.to);
  checkSender(message.from);
  if (message.replyTo) checkSender(message.replyTo);
  const from = toAscii(message.from.address);
  const to = toAscii(message.to);
  return {
    from: { name: message.from.name ?? '', address: from },
    to: { name: '', address: to },
    ...(message.replyTo === undefined
      ? {}
      : { replyTo: { name: message.replyTo.name ?? '', address: toAscii(message.replyTo.address) } }),
    envelope: { from: toAscii(message.envelopeFrom ?? message.from.address), to: [to] },
    subject: message.subject,
    text: message.text,
    html: message.html,
    // Set here, because counting the letters of every part takes longer than encoding them.
    textEncoding: /[^\u0000-\u024f\u2000-\u206f]/.test(message.text) ? 'base64' : 'quoted-printable',
    messageId: message.messageId,
    date: new Date(nowMs),
    headers: { ...message.headers },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
