import { fileURLToPath } from 'node:url';
import { ResetError } from '../errors.ts';
import { isLoopback } from '../values/loopback.ts';
import { parseDuration } from '../values/duration.ts';
import { Secret } from '../values/secret.ts';

/** How mails leave: an SMTP server, a folder that gets one `.eml` per mail, or this machine's own program for mails. */
export type MailUrl =
  | SmtpUrl
  | { readonly kind: 'file'; readonly directory: string }
  | { readonly kind: 'sendmail'; readonly program: string };

export interface SmtpUrl {
  readonly kind: 'smtp';
  readonly host: string;
  readonly port: number;
  /**
   * `wrapped`: TLS from the first byte; `starttls`: required before anything else; `offered`: STARTTLS where this
   * machine's own server offers it, whatever its certificate (on a loopback address only); `none`: plain
   */
  readonly tls: 'wrapped' | 'starttls' | 'offered' | 'none';
  readonly user?: string;
  readonly password?: Secret<string>;
  /** instead of a password: the file with the access token for XOAUTH2, read again at each login */
  readonly tokenFile?: string;
  /** a PEM file with a further certificate authority */
  readonly caFile?: string;
  /** our name in EHLO */
  readonly ehlo?: string | undefined;
  /** in milliseconds, where the URL says so */
  readonly timeouts?: {
    readonly connectMs?: number;
    readonly greetingMs?: number;
    readonly socketMs?: number;
    readonly answerMs?: number;
  };
}

const defaultPorts = { 'smtp:': 587, 'smtps:': 465 } as const;

/**
 * Passwords such as those from SES may contain characters that end the host too early. The URL itself is never
 * repeated.
 */
const hintAt = (text: string): string =>
  /[/#?].*@/.test(text.replace(/^\w+:\/\//, ''))
    ? '; in a user or password write / as %2F, # as %23, ? as %3F and @ as %40'
    : '';

/** Never repeats the URL: it may hold a password. */
const invalid = (what: string): ResetError =>
  new ResetError(
    'config_invalid',
    `The mail URL ${what}. Write smtp://user:password@host:587, smtps://host, sendmail: or file:DIR.`,
  );

function decode(text: string, part: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (/\p{Cc}/u.test(decoded)) throw invalid(`has a control character in its ${part}`);
    return decoded;
  } catch (cause) {
    if (cause instanceof ResetError) throw cause;
    throw invalid(`has a "%" in its ${part} that starts no escape: write it as %25`);
  }
}

function parseFile(text: string): MailUrl {
  const rest = text.slice('file:'.length);
  if (rest === '' || rest.includes('\0')) throw invalid('names no folder after file:');
  try {
    return { kind: 'file', directory: rest.startsWith('//') ? fileURLToPath(text) : rest };
  } catch {
    throw invalid('names a folder on another machine');
  }
}

/** A full path, because what runs must not depend on the working directory or on the PATH of a cron job. */
function parseSendmail(text: string): MailUrl {
  const program = text.slice('sendmail:'.length) || '/usr/sbin/sendmail';
  if (!program.startsWith('/') || program.startsWith('//') || /\p{Cc}/u.test(program))
    throw invalid(
      'does not give the full path of a program after sendmail:, such as sendmail:/usr/sbin/sendmail',
    );
  return { kind: 'sendmail', program };
}

function readTls(url: URL, host: string): SmtpUrl['tls'] {
  const wanted = wantedTls(url);
  if (url.protocol === 'smtps:') {
    if (wanted === 'none') throw invalid('says smtps: and tls=none at once');
    return 'wrapped';
  }
  // A login goes over TLS also to this machine's own server, where it offers that.
  const own = url.username === '' ? 'none' : 'offered';
  if (wanted === null && !url.searchParams.has('ca')) return isLoopback(host) ? own : 'starttls';
  return wanted === 'none' ? 'none' : 'starttls';
}

function wantedTls(url: URL): 'none' | 'required' | null {
  const wanted = url.searchParams.get('tls');
  if (wanted === null || wanted === 'none' || wanted === 'required') return wanted;
  throw invalid('has a "tls" that is neither none nor required');
}

function readCredentials(url: URL): Pick<SmtpUrl, 'user' | 'password' | 'tokenFile'> {
  if (url.searchParams.has('auth') || url.searchParams.has('token')) return readTokenLogin(url);
  if (url.username === '' && url.password === '') return {};
  if (url.username === '' || url.password === '')
    throw invalid('has a user without a password, or the reverse');
  return {
    user: decode(url.username, 'user'),
    password: new Secret(decode(url.password, 'password')),
  };
}

/** XOAUTH2: a user and a file. The token itself has no place in a URL, because it changes every hour. */
function readTokenLogin(url: URL): Pick<SmtpUrl, 'user' | 'tokenFile'> {
  const tokenFile = url.searchParams.get('token');
  if (url.searchParams.get('auth')?.toLowerCase() !== 'xoauth2')
    throw invalid(
      'has an "auth" other than xoauth2, or a "token" without auth=xoauth2; a user and password need neither',
    );
  if (!tokenFile || url.username === '' || url.password !== '')
    throw invalid(
      'has auth=xoauth2, which needs a user, no password, and the file with the access token: smtp://user@host?auth=xoauth2&token=FILE',
    );
  return { user: decode(url.username, 'user'), tokenFile };
}

/** How long to wait, as durations: for the connection, the greeting, an answer, and the answer to a whole mail. */
const TIMEOUTS = {
  connect: 'connectMs',
  greeting: 'greetingMs',
  command: 'socketMs',
  answer: 'answerMs',
} as const;
const OPTIONS: readonly string[] = ['tls', 'ca', 'auth', 'token', ...Object.keys(TIMEOUTS)];
const LONGEST_MS = 3_600_000;

function readTimeouts(url: URL): Pick<SmtpUrl, 'timeouts'> {
  const timeouts = Object.entries(TIMEOUTS).flatMap(([option, name]) => {
    const text = url.searchParams.get(option);
    if (text === null) return [];
    const isDuration = /^\d{1,6}[sm]?$/.test(text);
    const ms = isDuration ? parseDuration(text) : 0;
    if (ms < 1000 || ms > LONGEST_MS) throw invalid(`has a "${option}" that is not from 1s to 60m`);
    return [[name, ms] as const];
  });
  return timeouts.length === 0 ? {} : { timeouts: Object.fromEntries(timeouts) };
}

function parseSmtp(url: URL): MailUrl {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw invalid('names no host');
  assertNothingElse(url);
  const caFile = url.searchParams.get('ca');
  if (caFile === '') throw invalid('has an empty "ca"');
  return {
    kind: 'smtp',
    host: decode(host, 'host'),
    port: url.port === '' ? defaultPorts[url.protocol as keyof typeof defaultPorts] : Number(url.port),
    tls: readTls(url, host),
    ...readCredentials(url),
    ...(caFile === null ? {} : { caFile }),
    ...readTimeouts(url),
  };
}

/** Refuses the parts of a mail server's URL that would be ignored. */
function assertNothingElse(url: URL): void {
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '')
    throw invalid(`has a path${hintAt(url.href)}`);
  for (const key of url.searchParams.keys()) {
    if (!OPTIONS.includes(key))
      throw invalid(
        `has an unknown option ${JSON.stringify(key.slice(0, 20))} (known: ${OPTIONS.join(', ')})`,
      );
  }
}

/**
 * Reads `mail.url`. Off loopback STARTTLS is required unless `?tls=none` says otherwise (a mail catcher in CI);
 * `?ca=FILE` adds a certificate authority, `?auth=xoauth2&token=FILE` signs in with an access token. Throws `config_invalid` with the way out, never with the URL.
 */
export function parseMailUrl(text: string): MailUrl {
  if (text.startsWith('file:')) return parseFile(text);
  if (text.startsWith('sendmail:')) return parseSendmail(text);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid(`cannot be read${hintAt(text)}`);
  }
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') {
    throw invalid(`has the scheme ${JSON.stringify(url.protocol.slice(0, 20))}`);
  }
  return parseSmtp(url);
}
