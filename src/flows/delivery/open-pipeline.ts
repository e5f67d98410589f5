import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import { LEASE_MS, releaseClaims, renewLeases } from '../../outbox/claim.ts';
import { causeOf } from '../../log.ts';
import type { Outcome } from '../../outbox/message.ts';
import type { Claimed, Due } from './claim-messages.ts';
import { deliverMessage } from './deliver-message.ts';
import { isDatabaseAway } from './retry-while-away.ts';
import type { Delivered } from './settle-messages.ts';
import { settleWhileAway } from './settle-while-away.ts';
import { createConnectionLimit } from './connection-limit.ts';
import { createRefusalRun } from './refusal-run.ts';
import { createTransportRest } from './transport-rest.ts';

/** How many mails one worker holds at a time, and so how many may be repeated when it is killed. */
export const MAX_HELD = 100;
/** Mails composed ahead of each connection, so that none of them waits for this process or for its database. */
const AHEAD = 12;
/** Results are settled together: this many or more, or whatever arrives within this many milliseconds. */
const SETTLE_COUNT = MAX_HELD / 4;
const SETTLE_MS = 20;
/** A small claim costs as much as a large one: one is worthwhile when there is room for this many. */
const WORTHWHILE = MAX_HELD / 4;
const RENEW_MS = LEASE_MS / 3;
const CLOSING_POLL_MS = 1000;
/** A worker that is asked to stop waits at most this long for a database that is away. */
const CLOSE_PATIENCE_MS = 8000;

/** Claimed mails go in, settled ones come out; delivering, claiming and settling overlap. */
export interface Pipeline {
  readonly held: () => number;
  /** claim as much as there is room for, and begin to send it; undefined when it is not worthwhile yet */
  fill(): Promise<Due | undefined>;
  /** resolves when a mail was sent or settled, or after `ms` */
  settled(ms: number): Promise<void>;
  /** finish what is under way, give back the rest; throws what made a delivery impossible */
  close(): Promise<void>;
  /** a fault that affects every mail: a broken template, a missing key */
  readonly fault: () => unknown;
}

export interface PipelineOptions {
  /** claims up to `limit` mails, and settles the delivered ones in the same transaction */
  readonly claim: (limit: number, delivered: readonly Delivered[]) => Promise<Due>;
  readonly onDelivered?: ((delivered: Delivered) => void) | undefined;
  /** how long to wait for a database that is away, in milliseconds */
  readonly patienceMs: number;
}

/** Says nothing against the mail server or the batch. */
const isPlain = ({ state }: Outcome): boolean => state === 'sent' || state === 'skipped';

export function openPipeline(app: App, { claim, onDelivered, patienceMs }: PipelineOptions): Pipeline {
  const held = new Set<number>();
  const waiting: Claimed[] = [];
  const done: Delivered[] = [];
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // each lane waits with it, and Node would warn the operator of a leak
  const listeners = new Set<() => void>();
  const rest = createTransportRest(app.clock);
  const connections = createConnectionLimit(app);
  const refusals = createRefusalRun(app.clock);
  let lanes = 0;
  let fault: unknown;
  let settling: Promise<void> | undefined;
  /** a claim is under way, which takes all the room */
  let isFilling = false;
  let closedAt = Number.POSITIVE_INFINITY;
  closing.signal.addEventListener('abort', () => (closedAt = app.clock.now()), { once: true });

  const renewal = setInterval(() => {
    renewLeases(app.ledger, app.worker, [...held], app.clock.now()).catch((error: unknown) => {
      app.log.warn('lease_not_renewed', { cause: causeOf(error) });
    });
  }, RENEW_MS);

  function pump(): void {
    while (lanes < connections.most() * AHEAD && waiting.length > 0 && !closing.signal.aborted) {
      const next = waiting.shift();
      if (!next) return;
      lanes += 1;
      void deliver(next).finally(() => {
        lanes -= 1;
        pump();
        wakeWaiting();
      });
    }
  }

  async function deliver(claimed: Claimed): Promise<void> {
    try {
      if (!(await waitForDeparture(claimed))) return;
      const outcome = refusals.classify(claimed.message, await deliverMessage(app, claimed));
      rest.note(outcome);
      connections.note(outcome);
      done.push({ message: claimed.message, outcome });
      settling ??= settleAll().finally(() => (settling = undefined));
    } catch (error) {
      waiting.unshift(claimed);
      fail(error);
    }
  }

  function fail(error: unknown): void {
    fault ??= error;
    closing.abort();
  }

  /** Waits for the rate, and for a mail server that is away; false if the worker was asked to stop meanwhile. */
  async function waitForDeparture(claimed: Claimed): Promise<boolean> {
    for (let ms = 1; ms > 0;) {
      ms = Math.max(claimed.departsAt, rest.until()) - app.clock.now();
      if (ms > 0) await sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) {
        waiting.unshift(claimed);
        return false;
      }
    }
    return true;
  }

  async function settleAll(): Promise<void> {
    while (done.length > 0) {
      if (done.length < SETTLE_COUNT && (lanes > 1 || waiting.length > 0)) await settleTime();
      const group = done.splice(0, MAX_HELD);
      // These may pause the batch, so before more of it is claimed.
      await settleAlone(group.filter(({ outcome }) => !isPlain(outcome)));
      const plain = group.filter(({ outcome }) => isPlain(outcome));
      if (!(await exchange(plain))) await settleAlone(plain);
    }
  }

  async function settleAlone(group: readonly Delivered[]): Promise<void> {
    if (group.length === 0) return;
    const startedAt = app.clock.now();
    await settleWhileAway(app, group, () =>
      Math.min(startedAt + patienceMs, closedAt + CLOSE_PATIENCE_MS),
    ).catch(fail);
    settleHere(group);
  }

  /**
   * Settles these and claims the next ones together; false if it did not, and they have to be settled alone: whatever
   * stands in the way of a claim must not keep a mail that was sent from being noted.
   */
  async function exchange(group: readonly Delivered[]): Promise<boolean> {
    if (group.length === 0 || closing.signal.aborted) return false;
    return (await claimRoom(group).catch(() => undefined)) !== undefined;
  }

  /** Claims what there is room for once these are settled, which happens with it; undefined: not now. */
  async function claimRoom(group: readonly Delivered[]): Promise<Due | undefined> {
    const room = MAX_HELD - held.size + group.length;
    if (isFilling || room < WORTHWHILE) return undefined;
    isFilling = true;
    try {
      const due = await claim(room, group);
      settleHere(group);
      for (const { message } of due.claimed) held.add(message.id);
      waiting.push(...due.claimed);
      pump();
      return due;
    } finally {
      isFilling = false;
      wakeWaiting();
    }
  }

  function settleHere(group: readonly Delivered[]): void {
    for (const delivered of group) {
      held.delete(delivered.message.id);
      onDelivered?.(delivered);
    }
    wakeWaiting();
  }

  /** Until a group is worth a transaction, or nobody adds to it for the moment. */
  async function settleTime(): Promise<void> {
    const until = performance.now() + SETTLE_MS;
    for (let left: number = SETTLE_MS; left > 0 && done.length < SETTLE_COUNT && lanes > 0;) {
      await changed(left);
      left = until - performance.now();
    }
  }

  function wakeWaiting(): void {
    for (const listener of listeners) listener();
    listeners.clear();
  }

  /** Resolves when a mail left its lane or was settled, or after `ms`. */
  const changed = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(finish, ms);
      function finish(): void {
        clearTimeout(timer);
        listeners.delete(finish);
        resolve();
      }
      listeners.add(finish);
    });

  return {
    held: () => held.size,
    fault: () => fault,
    fill: () => claimRoom([]),
    settled: changed,
    async close() {
      closing.abort();
      while (lanes > 0 || settling) await (settling ?? changed(CLOSING_POLL_MS));
      clearInterval(renewal);
      const left = waiting.map(({ message }) => message.id);
      await releaseClaims(app.ledger, app.worker, left, app.clock.now()).catch((error: unknown) => {
        const explained = explainError(error);
        if (!isDatabaseAway(explained)) throw explained;
        app.log.warn('claims_kept', { count: left.length, message: explained.message }); // until their lease is over
      });
      if (fault !== undefined) throw fault as Error;
    },
  };
}
