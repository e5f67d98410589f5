import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/errors.ts';
import { EXIT } from '../../src/cli/terminal/exit.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');
const sentences = JSON.parse(read('templates/locales/en.json')) as Record<string, unknown>;
const exitTable = readme.slice(readme.indexOf('## Exit codes')).split('\n## ')[0] ?? '';

/** What scripts rely on. Lines may be added, but never changed or removed. */
const PROMISED = {
  usage_invalid: 2,
  config_invalid: 3,
  migration_needed: 3,
  user_not_found: 4,
  user_inactive: 4,
  user_ambiguous: 4,
  user_unreachable: 4,
  access_unknown: 4,
  token_invalid: 5,
  code_invalid: 5,
  token_expired: 6,
  token_used: 7,
  token_revoked: 7,
  password_rejected: 8,
  throttled: 9,
  delivery_failed: 10,
  database_unavailable: 11,
  batch_incomplete: 12,
};

it('keeps every error code and its exit code, which scripts rely on', () => {
  expect(Object.fromEntries(Object.entries(ERRORS).map(([code, { exit }]) => [code, exit]))).toEqual(
    PROMISED,
  );
});

describe.each(Object.entries(ERRORS))('the error %s', (code, { exit, publicText }) => {
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
