import type { App } from '../../app.ts';
import { detailsOfBatch } from '../../audit/read-audit.ts';
import type { Batch } from '../../batches/batch.ts';
import type { Outcome } from '../../batches/count-outcomes.ts';
import {
  countLocked,
  failuresByDomain,
  readTimeline,
  readUnchanged,
  skipReasons,
  type TimeSlot,
  type Unchanged,
} from '../../batches/report-figures.ts';
import { formatInstant } from '../../render/format.ts';
import { renderReport } from '../../render/report.ts';
import type { PersonRow, ReportData } from '../../render/report-view.ts';
import { minuteOf } from '../../render/zoned-time.ts';
import { oneLine } from '../../values/printable.ts';
import { programName } from '../../values/program-name.ts';
import { withoutAddresses } from '../../values/without-addresses.ts';
import { survivingOfBatch } from '../access/surviving.ts';
import { scopeOf, showBatch } from './follow-batch.ts';
import { explainFailure, groupFailures } from './report-failures.ts';
import {
  factsOf,
  lockFacts,
  mailCounts,
  noticesOf,
  peopleCounts,
  reminderFacts,
  skippedCounts,
  survivingCounts,
} from './report-facts.ts';
import { describeReason } from './skip-reasons.ts';

/** Fifty pages of paper. With the longest addresses there are, the file stays below 5 MB. */
const LISTED = 2000;
const DOMAINS = 30;

const MINUTE = 60_000;
/** All time zones differ by quarters of an hour: the slots of a day are whole. */
const QUARTER = 15 * MINUTE;
const SHORT = 48 * 60 * MINUTE;

export interface HtmlReportOptions {
  /** false: no address of anybody is in it */
  readonly hasPeople: boolean;
}

/**
 * A batch as one HTML file that can be passed on: all counted by the database, so that the number of recipients does not
 * matter.
 *
 * @throws usage_invalid for an unknown batch, config_invalid for a broken template
 */
export async function reportHtml(app: App, id: string, { hasPeople }: HtmlReportOptions): Promise<string> {
  const { config } = app;
  const data = await readReport(app, id, hasPeople);
  const { readBrandLogo } = await import('../../render/brand-logo.ts');
  const logo = config.brand.logo === undefined ? undefined : await readBrandLogo(config.brand.logo);
  return renderReport(await app.renderer(), hasPeople ? data : anonymous(data), {
    accent: config.brand.color,
    logo,
  });
}

async function readReport(app: App, id: string, hasPeople: boolean): Promise<ReportData> {
  const { ledger: db, config } = app;
  const { timeZone } = config;
  const { batch, counts, outcomes } = await showBatch(app, id);
  const { createdAt } = batch;
  const scope = await scopeOf(app, batch);
  const slots = await readTimeline(db, scope, scope.now - createdAt <= SHORT ? MINUTE : QUARTER);
  const domains = await failuresByDomain(db, id, DOMAINS);
  const unchanged = await readUnchanged(db, scope, hasPeople ? LISTED : 0);
  const skipped = await skipReasons(db, id);
  return {
    batchId: id,
    appName: config.appName,
    timeZone,
    asOf: formatInstant(scope.now, 'en', timeZone),
    notices: noticesOf(batch, counts, outcomes.open),
    facts: [
      ...factsOf(batch, skipped['not_mailed'] === undefined, timeZone),
      ...reminderFacts(scope.reminderIds),
    ],
    reason: batch.reason,
    lock: lockFacts(batch, await countLocked(db, id), await countSessions(app, batch), timeZone),
    people: peopleCounts(outcomes),
    mails: mailCounts(counts),
    skipped: skippedCounts(skipped),
    survives: survivingCounts(await survivingOfBatch(app, batch)),
    slots,
    span: { from: createdAt, to: endOf(batch, slots, scope.now) },
    domains: domains.rows.map((row) => ({ ...row, domain: oneLine(row.domain ?? '(none)') })),
    moreDomains: domains.more,
    reasons: await groupFailures(db, id),
    unchanged: hasPeople ? unchanged.rows.map((row) => personRow(row, timeZone)) : undefined,
    unchangedTotal: unchanged.total,
    listCommand: `${programName} batch report ${id} --format csv`,
  };
}

/** A chart of something that goes on ends now, and one of something old when it last moved. */
function endOf({ state }: Batch, slots: readonly TimeSlot[], now: number): number {
  const isOver = ['done', 'incomplete', 'cancelled'].includes(state);
  const last = slots.at(-1)?.at;
  return isOver && last !== undefined ? Math.min(now, last + QUARTER) : now;
}

async function countSessions(app: App, { id: batchId, createdAt: since }: Batch): Promise<number> {
  const steps = await detailsOfBatch(app.ledger, { batchId, result: 'users_locked', since });
  return steps.reduce((sum, { sessionsEnded }) => sum + Number(sessionsEnded ?? 0), 0);
}

function personRow({ userId, recipient, outcome, ...row }: Unchanged, timeZone: string): PersonRow {
  const name = recipient === null || recipient === '' ? `id ${userId}` : recipient;
  const time = (at: number) => minuteOf(at, timeZone);
  const until = row.expiresAt === null ? undefined : time(row.expiresAt);
  return {
    name: oneLine(name),
    state: STATES[outcome](row.reason, until),
    since: row.settledAt === null ? '' : time(row.settledAt),
  };
}

type Describe = (reason: string | null, until: string | undefined) => string;

const STATES: Readonly<Record<Exclude<Outcome, 'changed'>, Describe>> = {
  failed: (reason) => `not reached: ${explainFailure(reason)}`,
  skipped: (reason) => `locked, without a mail: ${describeReason(reason ?? '')}`,
  expired: (_reason, until) => `the link expired${until === undefined ? '' : ` at ${until}`}`,
  revoked: () => 'the link was revoked or replaced',
  waiting: () => 'the mail is still to go',
  open: (_reason, until) => `has a link${until === undefined ? '' : ` until ${until}`}`,
};

/** Whatever others or the operator wrote, without addresses. The sender of the batch stays: that is not a recipient. */
function anonymous(data: ReportData): ReportData {
  const kept = new Set(['Sent by']);
  return {
    ...data,
    facts: data.facts.map((fact) =>
      kept.has(fact.name) ? fact : { ...fact, text: withoutAddresses(fact.text) },
    ),
    notices: data.notices.map((notice) => withoutAddresses(notice)),
    reason: data.reason === null ? null : withoutAddresses(data.reason),
    domains: data.domains.map((row) => ({ ...row, domain: withoutAddresses(row.domain) })),
  };
}
