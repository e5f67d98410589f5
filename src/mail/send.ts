import { isResetError, ResetError } from '../errors.ts';
import { oneLine } from '../values/printable.ts';
import type { Message } from './message.ts';
import { bodySent } from './smtp-pool.ts';
import type { Accepted, Transport } from './transport-contract.ts';
import { programName } from '../values/program-name.ts';

/**
 * Why a mail did not go: `temporary` 4xx; `refused` 5xx, final; `connection` no conversation, or cut before the mail
 * was over; `auth` the server takes no mail from us at all; `lost` cut after the mail: it may have arrived.
 */
export type FailureKind = 'temporary' | 'refused' | 'connection' | 'auth' | 'lost';

/** `details` of a `delivery_failed`. */
export interface DeliveryFailure {
  readonly kind: FailureKind;
  /** whether the same mail may go through later */
  readonly retryable: boolean;
  /** the server's words, or the network's */
  readonly reply: string;
  readonly responseCode: number | null;
  /** what to do about it */
  readonly advice?: string;
}

interface MailError extends Error {
  readonly code?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly [bodySent]?: true;
}

const advice: Readonly<Record<FailureKind, string>> = {
  temporary: 'It can be tried again later.',
  refused: 'Trying again will not help: check the address and the sender (mail.from).',
  connection: 'Check mail.url and whether the server is up.',
  auth: 'Check the user and password in mail.url.',
  lost: 'The mail may have arrived; a repeat carries the same link.',
};

const certificateHint =
  "The server's certificate or TLS was refused: add its authority with ?ca=FILE, or ?tls=none for a mail catcher.";

function classify(error: MailError): FailureKind {
  const code = error.responseCode ?? 0;
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH')
    return code >= 400 && code < 500 ? 'temporary' : 'auth';
  if (code >= 400 && code < 500) return 'temporary';
  // 530: authentication required; 503: a session in the wrong state, a new one may work.
  if (code === 530) return 'auth';
  if (code >= 500 && code !== 503 && error.code !== 'ETLS') return 'refused';
  if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') return code === 503 ? 'temporary' : 'refused';
  return error[bodySent] === true ? 'lost' : 'connection';
}

/** What a transport's error means. `retryable`: everything but a final refusal of this very mail. */
export function toDeliveryError(cause: unknown): ResetError {
  if (isResetError(cause)) return cause;
  const error = cause as MailError;
  const kind = classify(error);
  const reply = oneLine(error.response ?? error.message);
  const isTls = error.code === 'ETLS' || /certificate|STARTTLS|self.signed/i.test(error.message);
  const wayOut = kind === 'connection' && isTls ? certificateHint : advice[kind];
  const where = kind === 'connection' || kind === 'auth' ? ` Try: ${programName} doctor` : '';
  const details: DeliveryFailure = {
    kind,
    retryable: kind !== 'refused',
    reply,
    responseCode: error.responseCode ?? null,
    advice: wayOut,
  };
  return new ResetError('delivery_failed', `The mail was not accepted: ${reply}. ${wayOut}${where}`, {
    cause,
    details: { ...details },
  });
}

/** Hands one mail over. Throws `delivery_failed` with a `DeliveryFailure` in its details. */
export async function sendMessage(transport: Transport, message: Message): Promise<Accepted> {
  try {
    const { reply, messageId } = await transport.send(message);
    return { reply: oneLine(reply), messageId };
  } catch (cause) {
    throw toDeliveryError(cause);
  }
}
