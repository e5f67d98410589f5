import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { getBatch, runningBatches } from '../../batches/batch.ts';
import type { Transaction } from '../../db/transaction.ts';
import { inTransaction } from '../../db/transaction.ts';
import { claim, findCandidates, requeueLapsed } from '../../outbox/claim.ts';
import type { Claimed, Needs, Taken } from './stamp-tokens.ts';
import { openNeeds, stampTokens } from './stamp-tokens.ts';
import type { Picked } from './pick-candidates.ts';
import { pickCandidates } from './pick-candidates.ts';

export type { Claimed } from './stamp-tokens.ts';

/** Claim the mails of one request, for a `send` that waits for its own. */
export async function claimMessages(
  app: App,
  { limit, requestId }: { readonly limit: number; readonly requestId: string },
): Promise<Claimed[]> {
  const needs = await openNeeds(app);
  return inTransaction(
    app.ledger,
    async (trx) => {
      const now = app.clock.now();
      const { takes } = app.route;
      const scope = { requestId, takes };
      await requeueLapsed(trx, scope, now);
      const candidates = await findCandidates(trx, scope, { now, limit });
      const ids = candidates.map(({ id }) => id);
      const messages = await claim(trx, ids, { worker: app.worker, now, host: hostOf(app), takes });
      const batches = await batchesOf(trx, messages);
      const taken = messages.map((message) => ({
        message,
        batch: batches.get(message.batchId ?? ''),
        departsAt: now,
      }));
      return stampTokens(needs, trx, taken, now);
    },
    { sharesQueue: true },
  );
}

export interface DueLimits {
  readonly limit: number;
  /** only the mails of this batch */
  readonly batchId?: string | undefined;
  /** counts up with every claim, so that of several batches each has its turn */
  readonly turn: number;
}

export interface Due {
  readonly claimed: readonly Claimed[];
  /** milliseconds until the rate lets the next mail go; undefined if no rate holds it back */
  readonly waitMs: number | undefined;
}

/** Claim what is due, single mails first, then from the running batches as their rates allow. */
export async function claimDue(app: App, limits: DueLimits): Promise<Due> {
  const needs = await openNeeds(app);
  return inTransaction(app.ledger, (trx) => claimDueIn(needs, trx, limits), { sharesQueue: true });
}

/** The same in a transaction of the caller's. */
export async function claimDueIn(
  needs: Needs,
  trx: Transaction,
  { limit, batchId, turn }: DueLimits,
): Promise<Due> {
  const { app } = needs;
  const now = app.clock.now();
  const picked: Picked[] = [];
  const waits: number[] = [];
  for (const lane of await lanesOf(app, trx, batchId, turn)) {
    if (picked.length >= limit) break;
    const found = await pickCandidates(app, trx, { lane, now, limit: limit - picked.length });
    picked.push(...found.picked);
    if (found.waitMs !== undefined) waits.push(found.waitMs);
  }
  const ids = picked.map(({ id }) => id);
  const messages = await claim(trx, ids, {
    worker: app.worker,
    now,
    host: hostOf(app),
    takes: app.route.takes,
  });
  const byId = new Map(picked.map((each) => [each.id, each]));
  const taken = messages.map((message): Taken => {
    const { batch, departsAt = now } = byId.get(message.id) ?? {};
    return { message, batch, departsAt };
  });
  return {
    claimed: await stampTokens(needs, trx, taken, now),
    waitMs: waits.length === 0 ? undefined : Math.min(...waits),
  };
}

type Lane = Batch | undefined;

async function lanesOf(
  { route }: App,
  db: App['ledger'],
  batchId: string | undefined,
  turn: number,
): Promise<readonly Lane[]> {
  const running = await runningBatches(db, route.takes);
  if (batchId !== undefined) return running.filter(({ id }) => id === batchId);
  const first = running.length === 0 ? 0 : turn % running.length;
  return [undefined, ...running.slice(first), ...running.slice(0, first)];
}

async function batchesOf(
  db: App['ledger'],
  messages: readonly { readonly batchId: string | null }[],
): Promise<Map<string, Batch>> {
  const found = new Map<string, Batch>();
  for (const id of new Set(messages.map(({ batchId }) => batchId))) {
    const batch = id === null ? undefined : await getBatch(db, id);
    if (batch) found.set(batch.id, batch);
  }
  return found;
}

const hostOf = (app: App): string => new URL(app.config.baseUrl ?? 'http://localhost').hostname;
