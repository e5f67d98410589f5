import { expect, it, onTestFinished } from 'vitest';
import type { App } from '../../../src/app.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { createTestServer } from '../../helpers/http-server.ts';

const GOOD = 'seven green bottles on a wall';

/** Counts how often the row of a token is looked up. */
function countLookUps({ ledger: db }: App): () => number {
  let count = 0;
  const see = ({ sql }: { sql: string }) =>
    (count += /^select .* from .reset_tokens. where .jti. = /.test(sql) ? 1 : 0);
  db.on('query', see);
  return () => count;
}

async function openSite() {
  const site = await createTestServer();
  onTestFinished(() => site.close());
  await site.addUser({ email: 'susan@example.com' });
  const { token } = await issueLink(site.app, {
    identifier: { email: 'susan@example.com' },
    actor: site.app.operator,
  });
  return { site, token, lookUps: countLookUps(site.app) };
}

it.each([
  ['sets the password', GOOD, GOOD, 303],
  ['refuses a short password', 'short', 'short', 422],
  ['refuses two passwords that differ', GOOD, `${GOOD}!`, 422],
])('the page that %s looks at the token once', async (_what, password, password2, status) => {
  const { site, token, lookUps } = await openSite();
  expect((await site.post(`/reset_password/${token}`, { password, password2 })).statusCode).toBe(status);
  expect(lookUps()).toBe(1);
});

it('a use that loses a race looks once more, to say what happened', async () => {
  const { site, token, lookUps } = await openSite();
  const use = (password: string) =>
    applyToken(site.app, { token, password, actor: site.app.operator }).then(
      () => 'applied',
      (error: unknown) => (error as { code?: string }).code,
    );
  const ends = await Promise.all([use(GOOD), use(`${GOOD}, again`)]);
  expect(ends.sort()).toEqual(['applied', 'token_used']);
  expect(lookUps()).toBe(3);
});
