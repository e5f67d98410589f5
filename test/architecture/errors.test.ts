import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS, EXIT } from '../../src/errors.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');
const sentences = JSON.parse(read('templates/locales/en.json')) as Record<string, unknown>;
const exitTable = readme.slice(readme.indexOf('## Exit codes')).split('\n## ')[0] ?? '';

describe.each(Object.entries(ERRORS))('the error %s', (code, { exit, status, publicText }) => {
  it('has an exit code from 2 to 12 and an HTTP status', () => {
    expect(exit).toBeGreaterThanOrEqual(2);
    expect(exit).toBeLessThanOrEqual(12);
    expect([303, 400, 410, 422, 429, 500, 503]).toContain(status);
  });

  it('has a sentence for the browser', () => {
    expect(sentences).toHaveProperty(publicText);
  });

  it('stands in the README beside its exit code', () => {
    expect(exitTable).toMatch(new RegExp(`^\\| ${exit} +\\|.*\`${code}\``, 'm'));
  });
});

it('explains the exit codes beside those of the errors in the README', () => {
  for (const code of Object.values(EXIT)) expect(exitTable).toMatch(new RegExp(`^\\| ${code} +\\|`, 'm'));
});
