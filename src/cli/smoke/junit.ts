import type { StepResult } from '../../flows/smoke/steps.ts';
import { escapeXml } from '../../values/printable.ts';

/** The steps of a run as JUnit XML, which CI servers show. */
export function junitReport(steps: readonly StepResult[]): string {
  const count = (status: StepResult['status']) => steps.filter((step) => step.status === status).length;
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  const total = steps.reduce((sum, { ms }) => sum + ms, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="reset smoke" tests="${steps.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}" time="${seconds(total)}">`,
    ...steps.map(({ step, class: kind, status, ms, message }) => {
      const start = `<testcase classname="reset.smoke.${kind}" name="${escapeXml(step)}" time="${seconds(ms)}">`;
      if (status === 'failed') return `${start}<failure message="${escapeXml(message)}"/></testcase>`;
      if (status === 'skipped') return `${start}<skipped/></testcase>`;
      return `${start}<system-out>${escapeXml(message)}</system-out></testcase>`;
    }),
    '</testsuite></testsuites>',
    '',
  ].join('\n');
}
