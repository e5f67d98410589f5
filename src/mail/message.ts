import type { Sender } from '../values/email.ts';

/** One rendered mail for exactly one recipient, ready to be handed over. */
export interface Message {
  /** the stored address, exactly one (R64) */
  readonly to: string;
  readonly from: Sender;
  readonly replyTo?: Sender | undefined;
  /** where bounces go; the sender's address without it */
  readonly envelopeFrom?: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** with its angle brackets; a repeat carries the same one */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}
