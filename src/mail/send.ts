import { isResetError, ResetError } from '../errors.ts';
import { networkWords, type Where } from '../values/network-words.ts';
import { oneLine } from '../values/printable.ts';
import { adviceFor } from './advice.ts';
import type { FailureKind, MailError } from './classify.ts';
import { folderWords } from './folder-words.ts';
import { programName } from '../values/program-name.ts';
import { classify } from './classify.ts';
import type { Message } from './message.ts';
import { bodySent } from './smtp-pool.ts';
import type { Accepted, Transport } from './transport-contract.ts';

export type { FailureKind } from './classify.ts';

/** `details` of a `delivery_failed`. */
export interface DeliveryFailure {
  readonly kind: FailureKind;
  /** whether the same mail may go through later */
  readonly retryable: boolean;
  /** the server's words, or a sentence of ours about the network or the folder */
  readonly reply: string;
  readonly responseCode: number | null;
  /** what to do about it */
  readonly advice?: string;
}

/** What a transport's error means. `retryable`: everything but a final refusal of this very mail. */
export function toDeliveryError(cause: unknown, where?: Where): ResetError {
  if (isResetError(cause)) return cause;
  const error = cause as MailError & { readonly [bodySent]?: true };
  const kind = classify(error, error[bodySent] === true);
  const reply = oneLine(error.response ?? sayCause(error, where));
  const wayOut = adviceFor(kind, error);
  const next = kind === 'connection' || kind === 'auth' ? ` Try: ${programName} doctor` : '';
  const details: DeliveryFailure = {
    kind,
    retryable: kind !== 'refused',
    reply,
    responseCode: error.responseCode ?? null,
    advice: wayOut,
  };
  return new ResetError(
    'delivery_failed',
    `The mail was not accepted: ${reply.replace(/\.?$/, '.')} ${wayOut}${next}`,
    {
      cause,
      details: { ...details },
    },
  );
}

/** A sentence about the network or the folder; otherwise the library's own words. */
const sayCause = (error: MailError, where: Where | undefined): string =>
  (where === undefined ? folderWords(error) : networkWords(error, where)) ?? error.message;

/** Hands one mail over. Throws `delivery_failed` with a `DeliveryFailure` in its details. */
export async function sendMessage(transport: Transport, message: Message): Promise<Accepted> {
  try {
    const { reply, messageId } = await transport.send(message);
    return { reply: oneLine(reply), messageId };
  } catch (cause) {
    throw toDeliveryError(cause, transport.where);
  }
}
