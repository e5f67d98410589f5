import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { takeCanary } from '../../batches/canary.ts';
import type { Transaction } from '../../db/transaction.ts';
import type { Candidate } from '../../outbox/claim.ts';
import { findCandidates } from '../../outbox/claim.ts';
import { findExhausted, reserve } from '../../outbox/reserve.ts';
import { keepHours } from './keep-hours.ts';

/** A mail that may be claimed now. */
export interface Picked {
  readonly id: number;
  readonly batch: Batch | undefined;
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
  const { begun, fresh } = await findAllowed(app, trx, { ...ask, limit });
  const paced = await paceDomains(app, trx, ask, [...begun, ...fresh]);
  const { picked, waitMs } = await paceAll(app, trx, rate, paced);
  return { picked: await keepCanary(trx, ask.lane, picked, fresh), waitMs };
}

async function paceAll(
  app: App,
  trx: Transaction,
  rate: number | undefined,
  paced: Picked[],
): Promise<{ picked: Picked[]; waitMs: number | undefined }> {
  if (rate === undefined || paced.length === 0) return { picked: paced, waitMs: undefined };
  const { departures, waitMs } = await depart(app, trx, { key: MAIL, perSecond: rate, wanted: paced.length });
  const picked = departures.flatMap((departsAt, index) => {
    const each = paced[index];
    return each ? [{ ...each, departsAt: Math.max(each.departsAt, departsAt) }] : [];
  });
  return { picked, waitMs: picked.length === 0 ? waitMs : undefined };
}

interface Allowed {
  readonly begun: readonly Candidate[];
  /** of a canary: no more than are left of it */
  readonly fresh: readonly Candidate[];
}

/** Candidates without the domains that have to wait; for a canary, those begun and as many more as are allowed. */
async function findAllowed(app: App, trx: Transaction, { lane, now, limit }: Ask): Promise<Allowed> {
  const scope = { batchId: lane?.id ?? null, takes: app.route.takes };
  const withoutDomains =
    lane && lane.ratePerDomain !== null ? await findExhausted(trx, domainPrefix(lane.id)) : [];
  const find = async (most: number, isBegun?: boolean) =>
    keepHours(
      trx,
      lane,
      now,
      await findCandidates(trx, scope, { now, limit: most, withoutDomains, isBegun }),
    );
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
  app: App,
  trx: Transaction,
  { lane, now }: Ask,
  candidates: readonly Candidate[],
): Promise<Picked[]> {
  const perSecond = lane?.ratePerDomain ?? null;
  if (lane === undefined || perSecond === null) {
    return candidates.map(({ id }) => ({ id, batch: lane, departsAt: now }));
  }
  const domains = new Map<string, number[]>();
  for (const { id, domain } of candidates) {
    const key = (domain ?? '').slice(0, DOMAIN_LENGTH);
    domains.set(key, [...(domains.get(key) ?? []), id]);
  }
  const picked: Picked[] = [];
  // In one order for everybody, so that no two workers wait for each other's limiters.
  for (const [domain, ids] of [...domains].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const key = domainPrefix(lane.id) + domain;
    const { departures } = await depart(app, trx, { key, perSecond, wanted: ids.length });
    picked.push(...departures.map((departsAt, index) => ({ id: ids[index] ?? 0, batch: lane, departsAt })));
  }
  return picked.sort((one, other) => one.departsAt - other.departsAt);
}

interface Departures {
  readonly key: string;
  readonly perSecond: number;
  readonly wanted: number;
}

/** Reserved by the database's clock and converted to ours right away, because what follows may take a while. */
async function depart(
  app: App,
  trx: Transaction,
  { key, perSecond, wanted }: Departures,
): Promise<{ departures: number[]; waitMs: number }> {
  const { delaysMs, waitMs } = await reserve(trx, key, perSecond, wanted);
  const now = app.clock.now();
  return { departures: delaysMs.map((ms) => now + ms), waitMs };
}

const lowest = (...rates: readonly (number | null | undefined)[]): number | undefined => {
  const given = rates.filter((rate) => typeof rate === 'number');
  return given.length === 0 ? undefined : Math.min(...given);
};
