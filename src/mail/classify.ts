/**
 * Why a mail did not go. About this mail and its recipient: `temporary` (4xx), `refused` (5xx, final). About us, so
 * that every other mail would meet the same: `auth` the login, `sender` the sender, its policy or this machine, `quota`
 * no more for now, `busy` no conversation at the moment (too many connections, a 4xx before the sender was named).
 * About the network: `connection` none, or cut before the mail was over; `lost` cut after it: it may have arrived.
 */
export type FailureKind =
  'temporary' | 'refused' | 'auth' | 'sender' | 'quota' | 'busy' | 'connection' | 'lost';

/** The parts of a transport's error that say who is at fault. */
export interface MailError extends Error {
  readonly code?: string;
  /** the server's answer */
  readonly response?: string;
  readonly responseCode?: number;
  /** what was said before the answer: `CONN`, `EHLO`, `MAIL FROM`, `RCPT TO`, `DATA` */
  readonly command?: string;
}

/** The mail needs SMTPUTF8, and the server does not offer it. */
export const NO_SMTPUTF8 = 'ENOSMTPUTF8';

/** A program that ends with a fault has taken nothing: 64 to 68 speak of this mail (sysexits.h), the rest may pass. */
const SENDMAIL = 'ESENDMAIL';
const UNDELIVERABLE = /exited with code 6[4-8]$|invalid envelope/i;

/** An account that may send no more for now. A mailbox that is full is its owner's affair: x.2.2, or by these words. */
const QUOTA =
  /\b5\.4\.5\b|(?:sending|submission|message|mail|daily|hourly|rate|user|account|relay|outgoing)[\s\w-]{0,20}(?:quota|limit)|SubmissionQuota|quota exceeded|limit exceeded|limit reached|too many (?:messages|mails|emails|recipients)/i;
const MAILBOX = /\b[45]\.2\.[12]\b|mailbox|inbox|storage|disk|user is over|over ?quota/i;

/** About the sender or this machine, although a recipient was named before. */
const SENDER =
  /sender (?:address )?(?:rejected|refused|denied|not|verify)|not owned by|send ?as|not allowed to send|not (?:permitted|authori[sz]ed) to send|from address|envelope from|mail from|authentication required|must authenticate|client host|helo|ehlo|\b5\.7\.(?:57|60|708|750)\b|\b5\.2\.252\b/i;

const CONNECTIONS =
  /\b4\.3\.2\b|too many (?:concurrent )?(?:smtp )?(?:connections|sessions)|concurrent (?:connections|sessions)/i;

/** What an error of a transport means. `isBodySent`: the whole mail was handed over before. */
export function classify(error: MailError, isBodySent: boolean): FailureKind {
  const code = error.responseCode ?? 0;
  const said = error.response ?? '';
  if (error.code === NO_SMTPUTF8) return 'refused';
  if (error.code === SENDMAIL) return UNDELIVERABLE.test(error.message) ? 'refused' : 'temporary';
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return isTemporary(code) ? 'busy' : 'auth';
  if (code === 530) return 'auth';
  if (code >= 400 && code !== 503 && error.code !== 'ETLS') return classifyReply(error.command, code, said);
  // 503: a session in the wrong state, a new one may work.
  if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') return code === 503 ? 'temporary' : 'refused';
  return isBodySent ? 'lost' : 'connection';
}

const isTemporary = (code: number): boolean => code >= 400 && code < 500;

function classifyReply(command: string | undefined, code: number, said: string): FailureKind {
  if (isTemporary(code) && CONNECTIONS.test(said)) return 'busy';
  if (code === 421) return quotaOr(said, 'busy');
  if (!isAboutRecipient(command)) return quotaOr(said, isTemporary(code) ? 'busy' : 'sender');
  const own = quotaOr(said, isTemporary(code) ? 'temporary' : 'refused');
  return own === 'refused' && SENDER.test(said) && !/recipient/i.test(said) ? 'sender' : own;
}

const quotaOr = (said: string, otherwise: FailureKind): FailureKind =>
  QUOTA.test(said) && !MAILBOX.test(said) ? 'quota' : otherwise;

/** Without a command the answer is taken as one about this mail. */
const isAboutRecipient = (command: string | undefined): boolean =>
  command === undefined || /^(?:RCPT|DATA|API)/.test(command);
