import type { StepResult } from '../../flows/smoke/steps.ts';

/** The steps of a run as JUnit XML, which CI servers show. */
export function junitReport(steps: readonly StepResult[]): string {
  const count = (status: StepResult['status']) => steps.filter((step) => step.status === status).length;
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  const total = steps.reduce((sum, { ms }) => sum + ms, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="reset smoke" tests="${steps.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}" time="${seconds(total)}">`,
    ...steps.map(({ step, class: kind, status, ms, message }) => {
      const start = `<testcase classname="reset.smoke.${kind}" name="${escape(step)}" time="${seconds(ms)}">`;
      if (status === 'failed') return `${start}<failure message="${escape(message)}"/></testcase>`;
      if (status === 'skipped') return `${start}<skipped/></testcase>`;
      return `${start}<system-out>${escape(message)}</system-out></testcase>`;
    }),
    '</testsuite></testsuites>',
    '',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML has no place for control characters, not even escaped. */
const escape = (text: string): string =>
  text.replace(/[^\P{Cc}\n\t]/gu, ' ').replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
