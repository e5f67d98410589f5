import type { OutboxMessage, Outcome } from '../../outbox/message.ts';

/** A claimed mail and how its attempt ended. */
export interface Delivered {
  readonly message: OutboxMessage;
  readonly outcome: Outcome;
}
