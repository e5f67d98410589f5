import type { Outcome } from '../../outbox/message.ts';
import type { Clock } from '../../types.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 8000;

/** It is away, or accepts no connection: this is not about a single mail. */
const AWAY = ['connection', 'busy'];

/** The pauses for a mail server that is away: nothing is sent for a second, then two, four, eight. */
export interface TransportRest {
  /** milliseconds since the epoch; in the past: nothing is in the way */
  readonly until: () => number;
  /** how a delivery ended */
  note(outcome: Outcome): void;
}

export function createTransportRest(clock: Clock): TransportRest {
  let until = 0;
  let nextMs = FIRST_MS;
  return {
    until: () => until,
    note(outcome) {
      const isAway = outcome.state === 'retry' && AWAY.includes(outcome.reason);
      if (!isAway) {
        nextMs = FIRST_MS;
        return;
      }
      if (until > clock.now()) return; // failures of mails that were in transit together count once
      until = clock.now() + nextMs;
      nextMs = Math.min(nextMs * 2, LONGEST_MS);
    },
  };
}
