import type { Config } from '../../config/config.ts';
import { parseMailUrl, type SmtpUrl } from '../../config/mail-url.ts';
import { isLoopback } from '../../values/loopback.ts';
import { detailsOf } from '../../errors.ts';
import { probeRecipient } from '../../mail/probe-recipient.ts';
import { toDeliveryError } from '../../mail/send.ts';
import { openTransport } from '../../mail/transport.ts';
import type { Clock } from '../../types.ts';
import type { Secret } from '../../values/secret.ts';
import type { Finding } from './finding.ts';
import type { FindingCode } from './finding-codes.ts';
import { failure, failureOf, ok, warning } from './finding.ts';

export interface MailCheck {
  readonly config: Config;
  readonly clock: Clock;
  /** the recipient to ask the server about; default: the sender's own address */
  readonly recipient?: string | undefined;
}

/** Connection, TLS, login, and the answers to a sender and a recipient; nothing is sent. */
export async function checkMail({ config, clock, recipient }: MailCheck): Promise<Finding[]> {
  const { url: secret, from } = config.mail;
  if (secret === undefined) return [];
  const url = parseMailUrl(secret.reveal());
  try {
    if (url.kind !== 'smtp') return [await checkLocal(secret, url.kind, clock)];
    if (from === undefined) return [];
    const probe = { from: from.address, to: recipient ?? from.address };
    const {
      sender,
      recipient: answer,
      isEncrypted,
    } = await probeRecipient({ ...url, ehlo: config.mail.ehlo }, probe);
    const tls = isEncrypted ? 'TLS' : 'no TLS';
    return [
      ok('mail_server_answers', `${url.host}:${url.port} answers (${tls}, ${sayLogin(url)})`),
      ...(isEncrypted || isLoopback(url.host) ? [] : [plainText(url.host)]),
      ...readAnswers(probe, sender, answer),
    ];
  } catch (error) {
    return [unusable(error)];
  }
}

const sayLogin = ({ user, tokenFile }: SmtpUrl): string =>
  user === undefined
    ? 'no login'
    : `login as ${user}${tokenFile === undefined ? '' : ' with an access token'}`;

/** A folder or a program: can it be used? */
async function checkLocal(url: Secret<string>, kind: 'file' | 'sendmail', clock: Clock): Promise<Finding> {
  const transport = openTransport({ url, connections: 1, clock });
  const { reply } = await transport.verify().catch((error: unknown) => {
    throw toDeliveryError(error);
  });
  return ok('mail_server_answers', kind === 'file' ? `${reply}; no mail leaves this machine` : reply);
}

/** The server's or the network's words, and what to do about them. */
function unusable(error: unknown): Finding {
  const { reply, advice } = detailsOf(error, 'delivery_failed');
  return reply === undefined
    ? failureOf('mail_server_unusable', error)
    : failure('mail_server_unusable', reply, { remedy: advice });
}

const plainText = (host: string): Finding =>
  warning('mail_unencrypted', `mails go to ${host} without TLS: links and login can be read on the way`, {
    remedy: 'remove ?tls=none from mail.url, or use smtps://',
  });

function readAnswers(probe: { from: string; to: string }, sender: string, recipient: string): Finding[] {
  if (!sender.startsWith('2')) {
    const remedy = 'set mail.from to an address that this server may send for';
    return [refusal('sender_refused', sender, `the sender ${probe.from} is refused: ${sender}`, remedy)];
  }
  if (!recipient.startsWith('2')) {
    const remedy = 'try another address with --to; if all are refused, the server accepts no mail from here';
    return [
      refusal('recipient_refused', recipient, `a mail to ${probe.to} is refused: ${recipient}`, remedy),
    ];
  }
  return [
    ok('recipient_taken', `accepts mails from ${probe.from} to ${probe.to} (${recipient}); none was sent`),
  ];
}

/** 4xx passes by itself; 5xx does not. */
const refusal = (code: FindingCode, answer: string, message: string, remedy: string): Finding =>
  (answer.startsWith('4') ? warning : failure)(code, message, { remedy });
