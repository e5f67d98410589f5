import { expect, it } from 'vitest';
import { sampleLink } from '../../../src/flows/preview/sample-link.ts';

const base = 'https://example.com';
const off = {
  native: false,
  path: undefined,
  token: undefined,
  expiresInMs: undefined,
  digest: 'sha256',
} as const;
const sampleOf = (preset: string, link: Partial<Parameters<typeof sampleLink>[0]['link']> = {}) =>
  sampleLink(
    { users: { preset, overrides: {} }, link: { ...off, native: true, ...link } },
    base,
    'test-copy',
  );

it('shows where links of this set-up lead, and whether they work once', () => {
  const ours = sampleLink({ users: { preset: 'django', overrides: {} }, link: off }, base, 'test-copy');
  expect(ours).toEqual({
    link: `${base}/reset_password/test-copy`,
    worksOnce: true,
  });
  expect(sampleOf('django')).toEqual({
    link: `${base}/accounts/reset/nobody/test-copy/`,
    worksOnce: true,
  });
  expect(sampleOf('laravel', { path: '/password/reset' })).toMatchObject({
    link: `${base}/password/reset/test-copy?email=nobody`,
  });
  expect(sampleOf('flask-microblog')).toMatchObject({ worksOnce: false });
});
