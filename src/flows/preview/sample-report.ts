import { renderReport } from '../../render/report.ts';
import type { ReportData } from '../../render/report-view.ts';
import type { Renderer } from '../../render/render-template.ts';

const COUNTS = [{ name: 'Result', note: 'note', count: 1 }];
const FACTS = [{ name: 'Ticket', text: 'SUP-4711' }];

/** A report in which every part has something to show. Throws config_invalid for a broken template. */
export function renderSampleReport(renderer: Renderer, appName: string, now: number): string {
  const data: ReportData = {
    batchId: '5f0c1d2e3a4b',
    appName,
    timeZone: 'UTC',
    asOf: 'now',
    notices: ['This batch is still running.'],
    facts: FACTS,
    reason: 'reason',
    lock: FACTS,
    people: COUNTS,
    mails: COUNTS,
    skipped: COUNTS,
    survives: COUNTS,
    slots: [{ at: now, sent: 1, failed: 1, changed: 1 }],
    span: { from: now, to: now },
    domains: [{ domain: 'example.com', failed: 1, mails: 1 }],
    moreDomains: 1,
    reasons: [{ reason: 'refused for good', words: '550 5.1.1', count: 1 }],
    unchanged: [{ name: 'susan@example.com', state: 'not reached', since: 'now' }],
    unchangedTotal: 2,
    listCommand: 'batch report',
  };
  return renderReport(renderer, data, {});
}
