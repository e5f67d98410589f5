import type { Sender } from '../values/email.ts';
import { ResetError } from '../errors.ts';
import { makePalette } from '../render/accent.ts';
import { formatDuration, formatInstant } from '../render/format.ts';
import type { Renderer } from '../render/render-template.ts';
import { safeUrl } from '../render/safe-url.ts';
import type { AppIdentity, MailSentences, TemplateData } from '../render/template-data.ts';
import type { Occasion, Reminder } from '../types.ts';
import { checkRecipient, checkSender } from './check-addresses.ts';
import type { Message } from './message.ts';
import { plainName } from './plain-name.ts';
import { SENTENCES_OF_ACCESS, sentencesOfChanges, sentencesOfNotice, sentencesOfReset } from './sentences.ts';
import { escapeHtml } from '../values/escape-html.ts';
import { nameHost } from '../values/name-host.ts';

/** What every mail is made from. Instants in milliseconds. */
export interface MailInput extends AppIdentity {
  /** of our listener, absolute */
  readonly baseUrl: string;
  readonly from: Sender;
  /** where answers go, if not to the sender */
  readonly replyTo?: Sender | undefined;
  /** where bounces go */
  readonly envelopeFrom?: string | undefined;
  /** the stored address */
  readonly email: string;
  /** of the person, for the greeting */
  readonly name: string | null;
  /** an IANA name, such as `Europe/Berlin` */
  readonly timeZone: string;
  /** with angle brackets: see `createMessageId` */
  readonly messageId: string;
  /** who caused this mail */
  readonly requestedBy: 'person' | 'operator';
  /** how the person came by the link */
  readonly occasion: Occasion;
  /** of the support desk, named in the mail */
  readonly ticket?: string | undefined;
  /** `#rrggbb` */
  readonly accent?: string | undefined;
}

/** A one-time code as people read it, and the page where it is typed. */
export interface MailedCode {
  readonly code: string;
  readonly url: string;
}

export interface ResetInput extends MailInput {
  /** absolute, with the token in it */
  readonly link: string;
  /** from when the mail counts the link's life: the token's `iat`, or the time of a resend */
  readonly issuedAt: number;
  /** when the link ends */
  readonly expiresAt: number;
  /** false for an application's own link that outlives its use */
  readonly worksOnce?: boolean | undefined;
  /** the old password no longer works */
  readonly isLocked?: boolean | undefined;
  /** of a batch: not its first mail to this person */
  readonly reminder?: Reminder | undefined;
  /** stands beside the link */
  readonly code?: MailedCode | undefined;
  /** a paragraph of the operator; line breaks are kept */
  readonly reason?: string | undefined;
  /** the person the mail was meant for, when a batch goes to a test address instead */
  readonly redirectedFor?: string | undefined;
}

export interface NoticeInput extends MailInput {
  readonly changedAt: number;
  /** our request page, where the owner can take the account back */
  readonly requestUrl?: string | undefined;
}

export interface AccessInput extends NoticeInput {
  /** kinds of what ended, and `demanded` */
  readonly changes: readonly string[];
}

const invalid = (text: string): ResetError => new ResetError('config_invalid', text);

/** R66: a value with a line break would start a header of its own. */
function checkHeader(value: string, what: string): string {
  if (!/\p{Cc}|[\u2028\u2029]/u.test(value)) return value;
  throw invalid(
    `The ${what} of a mail has a line break or control character. Check appName, mail.from and the templates.`,
  );
}

/** Template conditions leave several empty lines; people leave one. */
const tidyText = (text: string): string =>
  `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;

function commonData(input: MailInput, sentences: Omit<MailSentences, 'footer'>): TemplateData {
  // An application without a name is called by its host, which is not repeated.
  const isNamed = input.appName !== nameHost(input.baseUrl);
  return {
    locale: input.locale,
    appName: input.appName,
    baseUrl: safeUrl(input.baseUrl),
    host: new URL(input.baseUrl).host,
    email: input.email,
    name: plainName(input.name),
    requestedBy: input.requestedBy,
    occasion: input.occasion,
    sentences: { ...sentences, footer: isNamed ? 'mail_footer' : 'mail_footer_short' },
    ticket: input.ticket,
    supportContact: input.supportContact,
    palette: makePalette(input.accent),
  };
}

function renderMessage(renderer: Renderer, mail: string, input: MailInput, data: TemplateData): Message {
  checkRecipient(input.email);
  checkSender(input.from);
  const text = tidyText(renderer.render(`mail/${mail}/text`, data));
  const html = renderer.render(`mail/${mail}/html`, data).trim();
  const subject = checkHeader(renderer.render(`mail/${mail}/subject`, data).trim(), 'subject');
  if (text === '\n' || html === '' || subject === '')
    throw invalid(`A template of mail/${mail} renders nothing.`);
  if (!/^<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>$/.test(input.messageId))
    throw invalid('A Message-ID is <words@host>.');
  return {
    to: input.email,
    from: input.from,
    subject,
    text,
    html,
    messageId: input.messageId,
    // RFC 3834: no out-of-office answers. No list headers: this is one mail to one person.
    // For Exchange the same in its own words; Gmail folds mails of one subject that say no reference of their own.
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Entity-Ref-ID': input.messageId.slice(1, -1),
    },
    replyTo: input.replyTo,
    envelopeFrom: input.envelopeFrom,
  };
}

/**
 * The mail with the reset link. Throws `config_invalid` when a template is broken, or its result lacks the link in
 * either part: before anything is sent.
 */
export function composeReset(renderer: Renderer, input: ResetInput): Message {
  const { isLocked = false, worksOnce = true, reminder } = input;
  const message = renderMessage(renderer, 'reset', input, {
    ...commonData(input, sentencesOfReset(input.occasion, { isLocked, worksOnce, reminder })),
    isLocked,
    link: safeUrl(input.link),
    duration: formatDuration(input.expiresAt - input.issuedAt, input.locale),
    expiresAt: formatInstant(input.expiresAt, input.locale, input.timeZone),
    worksOnce,
    reasonLines: input.reason === undefined ? [] : input.reason.trim().split(/\r\n|\r|\n/),
    redirectedFor: input.redirectedFor,
    code: input.code?.code,
    codeUrl: input.code?.url,
  });
  if (!message.text.includes(input.link))
    throw invalid('The template mail/reset/text leaves out the link. Print `link`.');
  if (!message.html.includes(escapeHtml(input.link))) {
    throw invalid('The template mail/reset/html leaves out the link. Print `link`.');
  }
  assertCode(message, input.code);
  return message;
}

function assertCode(message: Message, code: MailedCode | undefined): void {
  for (const part of ['text', 'html'] as const) {
    if (code === undefined || message[part].includes(code.code)) continue;
    throw invalid(
      `The template mail/reset/${part} leaves out the code. Print \`code\`, or turn off mail.code.`,
    );
  }
}

/** The mail that says "your password was changed" (R92): no token, no password. */
export function composeNotice(renderer: Renderer, input: NoticeInput): Message {
  return renderMessage(renderer, 'notice', input, {
    ...commonData(input, sentencesOfNotice(input.requestedBy, input.occasion)),
    changedAt: formatInstant(input.changedAt, input.locale, input.timeZone),
    requestUrl: input.requestUrl,
  });
}

/** The mail that says what else changed about signing in: second factors, sessions, tokens. */
export function composeAccess(renderer: Renderer, input: AccessInput): Message {
  return renderMessage(renderer, 'access', input, {
    ...commonData(input, SENTENCES_OF_ACCESS),
    changedAt: formatInstant(input.changedAt, input.locale, input.timeZone),
    changes: sentencesOfChanges(input.changes),
    requestUrl: input.requestUrl,
  });
}
