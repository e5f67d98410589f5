import type { App } from '../app.ts';
import type { Batch } from '../batches/batch.ts';
import { takeCanary } from '../batches/canary.ts';
import type { Transaction } from '../db/transaction.ts';
import type { Candidate } from '../outbox/claim.ts';
import { findCandidates } from '../outbox/claim.ts';
import { findExhausted, reserve } from '../outbox/reserve.ts';

/** A mail that may be claimed now. */
export interface Picked {
  readonly id: number;
  readonly batch: Batch | undefined;
  /** was never tried before */
  readonly isFresh: boolean;
  /** from when the rates let it go: milliseconds since the epoch, by this machine's clock */
  readonly departsAt: number;
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
  const candidates = await findAllowed(trx, { ...ask, limit });
  const paced = await paceDomains(app, trx, ask, candidates);
  if (rate === undefined || paced.length === 0) {
    return { picked: await keepToCanary(trx, ask.lane, paced), waitMs: undefined };
  }
  const { departures, waitMs } = await depart(app, trx, { key: MAIL, perSecond: rate, wanted: paced.length });
  const picked = departures.flatMap((departsAt, index) => {
    const each = paced[index];
    return each ? [{ ...each, departsAt: Math.max(each.departsAt, departsAt) }] : [];
  });
  return {
    picked: await keepToCanary(trx, ask.lane, picked),
    waitMs: picked.length === 0 ? waitMs : undefined,
  };
}

/** Candidates without the domains that have to wait; of a canary, what was begun and so many more. */
async function findAllowed(trx: Transaction, { lane, now, limit }: Ask): Promise<Candidate[]> {
  const scope = { batchId: lane?.id ?? null };
  const withoutDomains =
    lane && lane.ratePerDomain !== null ? await findExhausted(trx, domainPrefix(lane.id)) : [];
  const find = (options: { readonly limit: number; readonly isRetry?: boolean }) =>
    options.limit < 1 ? [] : findCandidates(trx, scope, { now, withoutDomains, ...options });
  if (lane === undefined || lane.canaryLeft === null) return find({ limit });
  const begun = await find({ limit, isRetry: true });
  const left = Math.min(lane.canaryLeft, limit - begun.length);
  return [...begun, ...(await find({ limit: left, isRetry: false }))];
}

async function paceDomains(
  app: App,
  trx: Transaction,
  { lane, now }: Ask,
  candidates: readonly Candidate[],
): Promise<Picked[]> {
  const perSecond = lane?.ratePerDomain ?? null;
  const pick = ({ id, attempts }: Candidate, departsAt: number): Picked => {
    return { id, batch: lane, isFresh: attempts === 0, departsAt };
  };
  if (lane === undefined || perSecond === null) return candidates.map((each) => pick(each, now));
  const domains = new Map<string, Candidate[]>();
  for (const each of candidates) {
    const key = (each.domain ?? '').slice(0, DOMAIN_LENGTH);
    domains.set(key, [...(domains.get(key) ?? []), each]);
  }
  const picked: Picked[] = [];
  // In one order for everybody, so that no two workers wait for each other's limiters.
  for (const [domain, group] of [...domains].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const key = domainPrefix(lane.id) + domain;
    const { departures } = await depart(app, trx, { key, perSecond, wanted: group.length });
    picked.push(
      ...group.slice(0, departures.length).map((each, index) => pick(each, departures[index] ?? now)),
    );
  }
  return picked.sort((one, other) => one.departsAt - other.departsAt);
}

/** The first mails of a batch are counted where they are taken, not where they were looked for. */
async function keepToCanary(trx: Transaction, lane: Batch | undefined, picked: Picked[]): Promise<Picked[]> {
  if (lane === undefined || lane.canaryLeft === null) return picked;
  const fresh = picked.filter(({ isFresh }) => isFresh).length;
  const isTaken = fresh > 0 && (await takeCanary(trx, lane.id, lane.canaryLeft, fresh));
  return isTaken ? picked : picked.filter(({ isFresh }) => !isFresh);
}

interface Departure {
  readonly key: string;
  readonly perSecond: number;
  readonly wanted: number;
}

/** Reserved by the clock of the database, and told by ours as of this moment: what follows may take its time. */
async function depart(
  app: App,
  trx: Transaction,
  { key, perSecond, wanted }: Departure,
): Promise<{ departures: number[]; waitMs: number }> {
  const { delaysMs, waitMs } = await reserve(trx, key, perSecond, wanted);
  const now = app.clock.now();
  return { departures: delaysMs.map((ms) => now + ms), waitMs };
}

const lowest = (...rates: readonly (number | null | undefined)[]): number | undefined => {
  const given = rates.filter((rate) => typeof rate === 'number');
  return given.length === 0 ? undefined : Math.min(...given);
};
