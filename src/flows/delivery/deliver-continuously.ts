import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { maskEmail } from '../../log.ts';
import { runWorker } from './run-worker.ts';
import type { Delivered } from './settle-messages.ts';

/** The worker inside `reset serve`. */
export interface Delivery {
  /** Ends after the mails under way, and after what else is due, for `graceMs` at most; the rest stays queued. */
  stop(graceMs: number): Promise<void>;
}

// The pause after a fault other than the database's, such as a broken template.
const RESTART_MS = 5000;

/** Deliver mails until asked to stop. A fault is logged and the worker restarted: it must not bring down the pages. */
export function deliverContinuously(app: App): Delivery {
  const ending = new AbortController();
  const onDelivered = (delivered: Delivered) => {
    logDelivery(app, delivered);
  };

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        await runWorker(app, { signal: ending.signal, onDelivered });
      } catch (error) {
        logFailure(app, error);
        await sleep(RESTART_MS, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    }
  }

  const running = run();
  return {
    async stop(graceMs) {
      ending.abort();
      await running;
      await runWorker(app, { signal: AbortSignal.timeout(graceMs), once: true, onDelivered }).catch(
        (error: unknown) => {
          logFailure(app, error);
        },
      );
    },
  };
}

function logDelivery(app: App, { message, outcome }: Delivered): void {
  const { requestId, kind, userId, attempts } = message;
  const facts = { requestId, kind, userId, attempts };
  if (outcome.state === 'sent') {
    app.log.info('mail_sent', facts);
    return;
  }
  const event = outcome.state === 'skipped' ? 'mail_skipped' : 'mail_failed';
  app.log.warn(event, {
    ...facts,
    state: outcome.state,
    reason: outcome.reason,
    reply: maskAddresses(outcome.reply),
  });
}

function logFailure(app: App, error: unknown): void {
  app.log.error('worker_failed', { cause: error instanceof Error ? error.message : 'unknown' });
}

/** Mail servers repeat the address in their answers; a log has it masked only (R88). */
const maskAddresses = (reply: string | null): string | undefined =>
  reply?.replace(/[^\s<>@]+@[^\s<>]+/g, maskEmail);
