import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../app.ts';
import { explainError } from '../app.ts';
import { ResetError } from '../errors.ts';
import { LEASE_MS, releaseClaims, renewLeases } from '../outbox/claim.ts';
import type { Claimed } from './claim-messages.ts';
import { deliverMessage } from './deliver-message.ts';
import { isDatabaseAway } from './is-database-away.ts';
import type { Delivered } from './settle-messages.ts';
import { settleMessages } from './settle-messages.ts';

/** Mails that one worker holds at a time: so many may be repeated when it is killed. */
export const MAX_HELD = 100;
/** Mails composed ahead of each connection, so that none of them waits for this process. */
const AHEAD = 6;
/** Results are settled together: so many, or what came in so many milliseconds. */
const SETTLE_COUNT = 25;
const SETTLE_MS = 20;
const RENEW_MS = LEASE_MS / 3;
const DATABASE_PAUSE_MS = 1000;
/** A worker that was told to stop waits no longer than this for a database that is away. */
const CLOSE_PATIENCE_MS = 8000;
/** After a transport error nothing goes out for a second, then two, four, eight. */
const FIRST_COOL_MS = 1000;
const LONGEST_COOL_MS = 8000;

/** Claimed mails go in, settled ones come out; delivering, claiming and settling overlap. */
export interface Pipeline {
  /** how many more may be claimed */
  readonly room: () => number;
  /** claimed, and not begun */
  readonly waiting: () => number;
  readonly held: () => number;
  add(claimed: readonly Claimed[]): void;
  /** resolves when something was settled, or after `ms` */
  settled(ms: number): Promise<void>;
  /** finish what is under way, give back the rest; throws what made a delivery impossible */
  close(): Promise<void>;
  /** a fault that no other mail would escape: a broken template, a missing key */
  readonly fault: () => unknown;
}

export interface PipelineOptions {
  readonly onDelivered?: ((delivered: Delivered) => void) | undefined;
  /** how long to wait for a database that is away, in milliseconds */
  readonly patienceMs: number;
}

export function openPipeline(app: App, { onDelivered, patienceMs }: PipelineOptions): Pipeline {
  const held = new Set<number>();
  const waiting: Claimed[] = [];
  const done: Delivered[] = [];
  const closing = new AbortController();
  const listeners = new Set<() => void>();
  let lanes = 0;
  let fault: unknown;
  let settling: Promise<void> | undefined;
  let coolUntil = 0;
  let coolMs = FIRST_COOL_MS;
  let closedAt = Number.POSITIVE_INFINITY;
  closing.signal.addEventListener('abort', () => (closedAt = app.clock.now()), { once: true });

  const renewal = setInterval(() => {
    renewLeases(app.db, app.worker, [...held], app.clock.now()).catch((error: unknown) => {
      app.log.warn('lease_not_renewed', { cause: error instanceof Error ? error.name : 'unknown' });
    });
  }, RENEW_MS);

  function pump(): void {
    while (lanes < app.config.mail.connections * AHEAD && waiting.length > 0 && !closing.signal.aborted) {
      const next = waiting.shift();
      if (!next) return;
      lanes += 1;
      void deliver(next).finally(() => {
        lanes -= 1;
        pump();
        tell();
      });
    }
  }

  async function deliver(claimed: Claimed): Promise<void> {
    try {
      if (!(await waitForDeparture(claimed))) return;
      const outcome = await deliverMessage(app, claimed);
      watchTransport(outcome);
      done.push({ message: claimed.message, outcome });
      settling ??= settleAll().finally(() => (settling = undefined));
    } catch (error) {
      fault ??= error;
      waiting.unshift(claimed);
      closing.abort();
    }
  }

  /** The rate, and the rest that a mail server which is away needs; false when the worker was told to stop meanwhile. */
  async function waitForDeparture(claimed: Claimed): Promise<boolean> {
    const at = departures.get(claimed) ?? 0;
    for (let ms = 1; ms > 0;) {
      ms = Math.max(at, coolUntil) - app.clock.now();
      if (ms > 0) await sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) {
        waiting.unshift(claimed);
        return false;
      }
    }
    return true;
  }
  const departures = new WeakMap<Claimed, number>();

  function watchTransport(outcome: Delivered['outcome']): void {
    const isAway = outcome.state === 'retry' && outcome.reason === 'connection';
    if (!isAway) {
      coolMs = FIRST_COOL_MS;
      return;
    }
    if (coolUntil > app.clock.now()) return;
    coolUntil = app.clock.now() + coolMs;
    coolMs = Math.min(coolMs * 2, LONGEST_COOL_MS);
  }

  async function settleAll(): Promise<void> {
    while (done.length > 0) {
      if (done.length < SETTLE_COUNT && (lanes > 1 || waiting.length > 0)) await sleep(SETTLE_MS);
      const group = done.splice(0, MAX_HELD);
      await settlePatiently(group);
      for (const delivered of group) {
        held.delete(delivered.message.id);
        onDelivered?.(delivered);
      }
      tell();
    }
  }

  /** A database that restarts is waited for: what was delivered must not be forgotten. */
  async function settlePatiently(group: readonly Delivered[]): Promise<void> {
    for (const startedAt = app.clock.now(); ;) {
      try {
        await settleMessages(app, group);
        return;
      } catch (error) {
        const explained = explainError(error);
        const giveUpAt = Math.min(startedAt + patienceMs, closedAt + CLOSE_PATIENCE_MS);
        if (!isDatabaseAway(explained) || app.clock.now() > giveUpAt) {
          fault ??= isDatabaseAway(explained) ? notNoted(group.length, explained) : explained;
          closing.abort();
          return;
        }
        app.log.warn('database_unavailable', { message: explained.message });
        await sleep(DATABASE_PAUSE_MS);
      }
    }
  }

  function tell(): void {
    for (const listener of listeners) listener();
    listeners.clear();
  }

  return {
    room: () => MAX_HELD - held.size,
    waiting: () => waiting.length,
    held: () => held.size,
    fault: () => fault,
    add(claimed) {
      const now = app.clock.now();
      for (const each of claimed) {
        held.add(each.message.id);
        departures.set(each, now + each.delayMs);
      }
      waiting.push(...claimed);
      pump();
    },
    settled: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(finish, ms);
        function finish(): void {
          clearTimeout(timer);
          listeners.delete(finish);
          resolve();
        }
        listeners.add(finish);
      }),
    async close() {
      closing.abort();
      while (lanes > 0 || settling) await (settling ?? this.settled(DATABASE_PAUSE_MS));
      clearInterval(renewal);
      const left = waiting.map(({ message }) => message.id);
      await releaseClaims(app.db, app.worker, left, app.clock.now()).catch((error: unknown) => {
        const explained = explainError(error);
        if (!isDatabaseAway(explained)) throw explained;
        app.log.warn('claims_kept', { count: left.length, message: explained.message }); // until their lease is over
      });
      if (fault !== undefined) throw fault as Error;
    },
  };
}

const notNoted = (count: number, cause: ResetError): ResetError =>
  new ResetError(
    'database_unavailable',
    `The database stayed away, so that the fate of ${count} mail(s) could not be noted. Within a minute after it is back a worker sees to them, with the same link.`,
    { cause },
  );
