import type { Batch } from '../../batches/batch.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import type { NewToken } from '../../tokens/token-store.ts';
import type { User } from '../../types.ts';

/** A claimed mail with all that is needed to send it, or why it must not be sent. */
export type Claimed = {
  readonly message: OutboxMessage;
  /** not before, because of a rate: milliseconds since the epoch */
  readonly departsAt: number;
} & (
  | {
      readonly user: User;
      /** none for a notice, and for a mail that a batch redirects */
      readonly token: NewToken | undefined;
      /** the application's own link; without it the link is ours, made of the token */
      readonly link?: string;
      readonly batch: Batch | undefined;
      /** the stored hash is one that breach mode left: nobody knows a password for it */
      readonly isLocked: boolean;
    }
  | { readonly skip: string }
);
