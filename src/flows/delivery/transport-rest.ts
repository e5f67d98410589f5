import type { Outcome } from '../../outbox/message.ts';
import type { Clock } from '../../types.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 8000;

/** It is away, or takes no conversation: nothing that belongs to a mail. */
const AWAY = ['connection', 'busy'];

/** What a mail server that is away is given: nothing goes out for a second, then two, four, eight. */
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
      if (until > clock.now()) return; // those that were under way together count once
      until = clock.now() + nextMs;
      nextMs = Math.min(nextMs * 2, LONGEST_MS);
    },
  };
}
