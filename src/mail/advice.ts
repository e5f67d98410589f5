import type { FailureKind, MailError } from './classify.ts';

const BY_KIND: Readonly<Record<FailureKind, string>> = {
  temporary: 'It can be tried again later.',
  refused: 'Trying again will not help: check the address.',
  auth: 'Check the user and password in mail.url.',
  sender:
    'The mail server refuses this sender or this machine: check mail.from, and what its operator allows.',
  quota: 'The mail server accepts no more mails for now. Wait, or ask for a higher limit; nothing is lost.',
  busy: 'The mail server does not talk to this machine at the moment. Fewer connections may help: --connections 1',
  connection: 'Check mail.url and whether the server is up.',
  lost: 'The mail may have arrived; sending it again carries the same link.',
};

/** Causes that can be recognised by the words or the code of an error, with advice for each. */
const BY_CAUSE: readonly (readonly [RegExp, string])[] = [
  [/CERT_HAS_EXPIRED|certificate has expired/i, 'Renew the certificate there; ?ca=FILE does not help.'],
  [/ALTNAME_INVALID|altnames|does not match certificate/i, 'Use the name in the certificate in mail.url.'],
  [
    /wrong version number|packet length too long|record layer failure/i,
    'Write smtp:// (usually port 587) instead of smtps://.',
  ],
  [/unsupported protocol|protocol version|version too low/i, 'It needs TLS 1.2 or newer: update it.'],
  [
    /self.signed|unable to verify|unable to get (?:local )?issuer|UNABLE_TO|DEPTH_ZERO/i,
    'Add the authority with ?ca=FILE. For a mail catcher: smtp:// with ?tls=none.',
  ],
  [
    /STARTTLS/i,
    'The server offers no STARTTLS: write smtps:// if it speaks TLS at once (usually port 465), or ?tls=none for a mail catcher.',
  ],
  [
    /Greeting never received/i,
    'At port 465 write smtps://; if the server is slow, wait longer with ?greeting=60s.',
  ],
  [
    /\bspawn\b.*(?:ENOENT|EACCES)/,
    'This program is missing or may not be run: write sendmail:/path/to/sendmail, or smtp://localhost:25.',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'Check the host in mail.url and DNS.'],
];

const PASSWORDS_OFF =
  'The server accepts no passwords (basic authentication is off). Sign in with an access token (smtp://user@host?auth=xoauth2&token=FILE), or switch on SMTP AUTH for this mailbox.';
const NO_TOKENS = 'The server accepts no access tokens: use a user and password.';
const TOKEN_REFUSED =
  'The access token was refused: it may have expired, or be for another user. Renew it in the file that mail.url names; it is read again at each login.';

/** A login that failed. 504: the server does not know this way to sign in. */
function adviceForLogin({ command, message, response, responseCode }: MailError): string {
  if (command === 'AUTH XOAUTH2') {
    if (response === undefined) return 'Check the token file in mail.url.';
    return responseCode === 504 ? NO_TOKENS : TOKEN_REFUSED;
  }
  const isOff =
    responseCode === 504 || /5\.7\.139|basic authentication|XOAUTH2|OAuth/i.test(response ?? message);
  return isOff ? PASSWORDS_OFF : BY_KIND.auth;
}

/** What to do about a mail that did not go. */
export function adviceFor(kind: FailureKind, error: MailError): string {
  const { code, message } = error;
  if (kind === 'auth') return adviceForLogin(error);
  if (kind !== 'connection') return BY_KIND[kind];
  return BY_CAUSE.find(([words]) => words.test(`${code ?? ''} ${message}`))?.[1] ?? BY_KIND.connection;
}
