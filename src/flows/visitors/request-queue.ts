import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { recordRepeats } from '../../audit/record-repeats.ts';
import { createFairLine } from './fair-line.ts';
import { handleTypedAddresses, type TypedAddress } from './handle-typed-address.ts';

/** Whatever people typed on the request page, in one line for everybody (R43, R45). */
export interface RequestQueue {
  /** Takes at once or, when full, drops with a log line; never says which. */
  add(typed: TypedAddress): void;
  /** for balancers and monitors */
  load(): QueueLoad;
  /** Resolves when everything taken so far has been handled, without the pauses, or the database stayed away. */
  drain(): Promise<void>;
}

/** How much waits, and how much found no room. */
export interface QueueLoad {
  readonly waiting: number;
  /** addresses, in this minute and the one before */
  readonly dropped: number;
}

/** A flood of half a minute, and with 254 characters each two megabytes at most. */
const MAX_WAITING = 5000;
/** Looked up in one query; every database takes this many values. */
const GROUP = 100;
const MINUTE_MS = 60_000;

/** A database that is away when the listener stops is waited for this long: systemd would kill the process. */
const DRAIN_AWAY_MS = 7000;

// The work for an address must not slow down the next request, where its length could be measured. So it is done at a
// time unrelated to when the address came.
const PAUSE_MS = [100, 400] as const;

/**
 * One bounded queue in memory. Addresses are handled in the order they came, many in one look-up. When it is full,
 * the network with the most waiting addresses loses its newest, so that a flood from one place does not block
 * everybody else.
 */
export function createRequestQueue(app: App, maxWaiting = MAX_WAITING): RequestQueue {
  const line = createFairLine(maxWaiting);
  const drops = { since: 0, now: 0, before: 0 };
  let isDraining = false;
  let running: Promise<void> | undefined;
  let wake = new AbortController();
  let impatient = new AbortController();

  async function work(): Promise<void> {
    if (!isDraining)
      await sleep(randomInt(...PAUSE_MS), undefined, { signal: wake.signal }).catch(() => undefined);
    for (let group = line.take(GROUP); group.length > 0; group = line.take(GROUP)) {
      const isHandled = await handleTypedAddresses(app, group, impatient.signal);
      if (!isHandled && impatient.signal.aborted) giveUp();
    }
  }

  function giveUp(): void {
    for (const { requestId } of line.take(Infinity))
      app.log.warn('request_dropped', { reason: 'database_unavailable', requestId });
  }

  function start(): void {
    running ??= work().finally(() => {
      running = undefined;
      if (line.length > 0) start();
    });
  }

  /** This minute and the one before. */
  function turnMinute(): void {
    const passed = app.clock.now() - drops.since;
    if (passed < MINUTE_MS) return;
    drops.before = passed < 2 * MINUTE_MS ? drops.now : 0;
    drops.now = 0;
    drops.since = app.clock.now();
  }

  function drop({ requestId, ip }: TypedAddress): void {
    app.log.warn('request_dropped', { reason: 'queue_full', waiting: line.length, requestId });
    turnMinute();
    drops.now += 1;
    // For doctor, which runs in another process.
    recordRepeats(app.ledger, app.clock.now(), {
      event: 'request_throttled',
      result: 'queue_full',
      requestId: 'queue',
      actor: { kind: 'web', name: 'everybody' },
      details: { ip },
    }).catch(() => undefined);
  }

  return {
    add(typed) {
      const dropped = line.add(typed);
      if (dropped !== undefined) drop(dropped);
      start();
    },
    load() {
      turnMinute();
      return { waiting: line.length, dropped: drops.now + drops.before };
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
