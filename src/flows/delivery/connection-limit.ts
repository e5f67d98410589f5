import type { App } from '../../app.ts';
import type { Outcome } from '../../outbox/message.ts';

/** Refusals within this many milliseconds count as one: they concern connections that were opened together. */
const TOGETHER_MS = 2000;

/** How many connections the mail server accepts: one fewer each time it takes mails and refuses a connection. */
export interface ConnectionLimit {
  most(): number;
  /** how a delivery ended */
  note(outcome: Outcome): void;
}

/** Starts with `mail.connections`, logs each step down, and never goes below one. */
export function createConnectionLimit(app: App): ConnectionLimit {
  let most = app.config.mail.connections;
  let steppedAt = Number.NEGATIVE_INFINITY;
  return {
    most: () => most,
    note(outcome) {
      const isBusy = outcome.state === 'retry' && outcome.reason === 'busy';
      if (!isBusy || most === 1 || app.clock.now() - steppedAt < TOGETHER_MS) return;
      most -= 1;
      steppedAt = app.clock.now();
      app.log.warn('mail_connections_reduced', { connections: most, reply: outcome.reply });
      void app.transport().then((transport) => transport.limit?.(most));
    },
  };
}
