import { expect, it } from 'vitest';
import { sampleLink } from '../../../src/flows/preview/sample-link.ts';

const base = 'https://example.com';
const off = { native: false, path: undefined, expiresInMs: undefined, digest: 'sha256' } as const;
const sampleOf = (preset: string, link: Partial<Parameters<typeof sampleLink>[0]['link']> = {}) =>
  sampleLink(
    { users: { preset, overrides: {} }, link: { ...off, native: true, ...link } },
    base,
    'test-copy',
  );

it('shows where links of this set-up lead, how long they live, and whether they work once', () => {
  const ours = sampleLink({ users: { preset: 'django', overrides: {} }, link: off }, base, 'test-copy');
  expect(ours).toEqual({
    link: `${base}/reset_password/test-copy`,
    lifeMs: undefined,
    worksOnce: true,
  });
  expect(sampleOf('django')).toEqual({
    link: `${base}/accounts/reset/nobody/test-copy/`,
    lifeMs: 259_200_000,
    worksOnce: true,
  });
  expect(sampleOf('laravel', { path: '/password/reset', expiresInMs: 60_000 })).toMatchObject({
    link: `${base}/password/reset/test-copy?email=nobody`,
    lifeMs: 60_000,
  });
  expect(sampleOf('flask-microblog')).toMatchObject({ lifeMs: undefined, worksOnce: false });
});
