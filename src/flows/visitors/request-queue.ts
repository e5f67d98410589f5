import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { handleTypedAddress, type TypedAddress } from './handle-typed-address.ts';

/** Whatever people typed on the request page, in one line for everybody (R43, R45). */
export interface RequestQueue {
  /** Takes at once or, when full, drops with a log line; never says which. */
  add(typed: TypedAddress): void;
  /** Resolves when everything taken so far has been handled, without the pauses, or the database stayed away. */
  drain(): Promise<void>;
}

/** Far more than people type in a second, and with 254 characters each a quarter of a megabyte at most. */
const MAX_WAITING = 1000;

/** A database that is away when the listener stops is waited for this long: systemd would kill the process. */
const DRAIN_AWAY_MS = 7000;

// The work that an address causes must not fall on the request after it, where its length could be measured: it is
// done at a moment that has nothing to do with when it came.
const PAUSE_MS = [100, 400] as const;

/** One bounded queue in memory. Addresses are handled one after another, in the order they came. */
export function createRequestQueue(app: App, maxWaiting = MAX_WAITING): RequestQueue {
  const waiting: TypedAddress[] = [];
  let isDraining = false;
  let running: Promise<void> | undefined;
  let wake = new AbortController();
  let impatient = new AbortController();

  async function work(): Promise<void> {
    if (!isDraining)
      await sleep(randomInt(...PAUSE_MS), undefined, { signal: wake.signal }).catch(() => undefined);
    for (let typed = waiting.shift(); typed !== undefined; typed = waiting.shift()) {
      const isHandled = await handleTypedAddress(app, typed, impatient.signal);
      if (!isHandled && impatient.signal.aborted) giveUp();
    }
  }

  function giveUp(): void {
    for (const { requestId } of waiting.splice(0))
      app.log.warn('request_dropped', { reason: 'database_unavailable', requestId });
  }

  function start(): void {
    running ??= work().finally(() => {
      running = undefined;
      if (waiting.length > 0) start();
    });
  }

  return {
    add(typed) {
      if (waiting.length >= maxWaiting) {
        app.log.warn('request_dropped', {
          reason: 'queue_full',
          waiting: waiting.length,
          requestId: typed.requestId,
        });
        return;
      }
      waiting.push(typed);
      start();
    },
    async drain() {
      isDraining = true;
      wake.abort();
      const patience = setTimeout(() => {
        impatient.abort();
      }, DRAIN_AWAY_MS);
      while (running !== undefined) await running;
      clearTimeout(patience);
      isDraining = false;
      wake = new AbortController();
      impatient = new AbortController();
    },
  };
}
