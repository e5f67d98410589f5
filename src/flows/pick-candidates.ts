import type { App } from '../app.ts';
import type { Batch } from '../batches/batch.ts';
import { takeCanary } from '../batches/canary.ts';
import type { Transaction } from '../db/transaction.ts';
import type { Candidate } from '../outbox/claim.ts';
import { findCandidates } from '../outbox/claim.ts';
import { findExhausted, reserve } from '../outbox/reserve.ts';

/** A mail that may be claimed now, and the milliseconds until its departure. */
export interface Picked {
  readonly id: number;
  readonly batch: Batch | undefined;
  readonly delayMs: number;
}

interface Ask {
  /** a batch, or the mails that belong to none */
  readonly lane: Batch | undefined;
  readonly now: number;
  readonly limit: number;
}

/** One limiter for the mail server, whoever sends; and one for each domain of a batch. */
const MAIL = 'mail';
const DOMAIN_LENGTH = 200;
export const domainPrefix = (batchId: string): string => `domain:${batchId}:`;

/** What of a lane may be claimed: due, within the rates, within the canary. */
export async function pickCandidates(
  app: App,
  trx: Transaction,
  ask: Ask,
): Promise<{ picked: Picked[]; waitMs: number | undefined }> {
  const rate = lowest(ask.lane?.rate, app.config.mail.rate);
  const limit = rate === undefined ? ask.limit : Math.min(ask.limit, Math.ceil(rate) + 1);
  const { begun, fresh } = await findAllowed(trx, { ...ask, limit });
  const paced = await paceDomains(trx, ask.lane, [...begun, ...fresh]);
  const { picked, waitMs } = await paceAll(trx, rate, paced);
  return { picked: await keepCanary(trx, ask.lane, picked, fresh), waitMs };
}

async function paceAll(
  trx: Transaction,
  rate: number | undefined,
  paced: Picked[],
): Promise<{ picked: Picked[]; waitMs: number | undefined }> {
  if (rate === undefined || paced.length === 0) return { picked: paced, waitMs: undefined };
  const { delaysMs, waitMs } = await reserve(trx, MAIL, rate, paced.length);
  const picked = delaysMs.flatMap((delayMs, index) => {
    const each = paced[index];
    return each ? [{ ...each, delayMs: Math.max(each.delayMs, delayMs) }] : [];
  });
  return { picked, waitMs: picked.length === 0 ? waitMs : undefined };
}

interface Allowed {
  readonly begun: readonly Candidate[];
  /** of a canary: no more than are left of it */
  readonly fresh: readonly Candidate[];
}

/** Candidates without the domains that have to wait; of a canary, what was begun and so many more. */
async function findAllowed(trx: Transaction, { lane, now, limit }: Ask): Promise<Allowed> {
  const scope = { batchId: lane?.id ?? null };
  const withoutDomains =
    lane && lane.ratePerDomain !== null ? await findExhausted(trx, domainPrefix(lane.id)) : [];
  const find = (most: number, isBegun?: boolean) =>
    findCandidates(trx, scope, { now, limit: most, withoutDomains, isBegun });
  if (lane === undefined || lane.canaryLeft === null) return { begun: await find(limit), fresh: [] };
  const begun = await find(limit, true);
  const most = Math.min(lane.canaryLeft, limit - begun.length);
  return { begun, fresh: most === 0 ? [] : await find(most, false) };
}

/** Only what the rates let go counts as taken from the canary; none where another worker took some meanwhile. */
async function keepCanary(
  trx: Transaction,
  lane: Batch | undefined,
  picked: Picked[],
  fresh: readonly Candidate[],
): Promise<Picked[]> {
  const isFresh = (each: Picked) => fresh.some(({ id }) => id === each.id);
  const wanted = picked.filter(isFresh).length;
  if (wanted === 0 || typeof lane?.canaryLeft !== 'number') return picked;
  if (await takeCanary(trx, lane.id, lane.canaryLeft, wanted)) return picked;
  return picked.filter((each) => !isFresh(each));
}

async function paceDomains(
  trx: Transaction,
  lane: Batch | undefined,
  candidates: readonly Candidate[],
): Promise<Picked[]> {
  const perSecond = lane?.ratePerDomain ?? null;
  if (lane === undefined || perSecond === null) {
    return candidates.map(({ id }) => ({ id, batch: lane, delayMs: 0 }));
  }
  const domains = new Map<string, number[]>();
  for (const { id, domain } of candidates) {
    const key = (domain ?? '').slice(0, DOMAIN_LENGTH);
    domains.set(key, [...(domains.get(key) ?? []), id]);
  }
  const picked: Picked[] = [];
  // In one order for everybody, so that no two workers wait for each other's limiters.
  for (const [domain, ids] of [...domains].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const { delaysMs } = await reserve(trx, domainPrefix(lane.id) + domain, perSecond, ids.length);
    picked.push(...delaysMs.map((delayMs, index) => ({ id: ids[index] ?? 0, batch: lane, delayMs })));
  }
  return picked.sort((one, other) => one.delayMs - other.delayMs);
}

const lowest = (...rates: readonly (number | null | undefined)[]): number | undefined => {
  const given = rates.filter((rate) => typeof rate === 'number');
  return given.length === 0 ? undefined : Math.min(...given);
};
