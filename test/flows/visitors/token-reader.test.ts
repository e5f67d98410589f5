import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTokenReader } from '../../../src/flows/visitors/token-reader.ts';
import { createTestServer, type TestServer } from '../../helpers/http-server.ts';

describe('the token reader', () => {
  let site: TestServer;
  beforeEach(async () => {
    site = await createTestServer();
  });
  afterEach(() => site.close());

  it('reads for a hundred visitors with a handful of queries, and gives each the own user', async () => {
    const tokens = new Map<string, string>();
    for (let index = 0; index < 20; index += 1) {
      const email = `user${index}@example.com`;
      await site.addUser({ email });
      tokens.set(email, await site.issueToken(email));
    }
    const reader = createTokenReader(site.app);
    let queries = 0;
    site.app.ledger.on('query', () => (queries += 1));
    const visits = Array.from({ length: 100 }, async (_, index) => {
      const email = `user${index % 20}@example.com`;
      expect((await reader.verify(tokens.get(email) ?? '')).user.email).toBe(email);
    });
    await Promise.all(visits);
    expect(queries).toBeLessThanOrEqual(4);
  });

  it('refuses each bad link for its own reason, and lets none spoil another', async () => {
    for (const name of ['good', 'gone', 'changed']) await site.addUser({ email: `${name}@example.com` });
    const [good = '', gone = '', changed = '', revoked = ''] = await Promise.all(
      ['good', 'gone', 'changed', 'good'].map((name) => site.issueToken(`${name}@example.com`)),
    );
    await site.app.usersDb('users').where({ email: 'gone@example.com' }).delete();
    await site.app
      .usersDb('users')
      .where({ email: 'changed@example.com' })
      .update({ password_hash: 'other' });
    await site.app
      .ledger('reset_tokens')
      .where({ jti: jtiOf(revoked) })
      .update({ state: 'revoked', reason: 'operator' });
    const reader = createTokenReader(site.app);
    const results = await Promise.allSettled(
      [good, gone, changed, revoked, 'forged'].map((token) => reader.verify(token)),
    );
    expect(
      results.map((result) =>
        result.status === 'rejected' ? (result.reason as { code: string }).code : 'good',
      ),
    ).toEqual(['good', 'user_not_found', 'token_revoked', 'token_revoked', 'token_invalid']);
  });

  it('never answers from before the question: a link that was just spent is refused', async () => {
    await site.addUser({ email: 'susan@example.com' });
    const token = await site.issueToken('susan@example.com');
    const reader = createTokenReader(site.app);
    const before = reader.verify(token).catch(() => undefined);
    await site.app.ledger('reset_tokens').update({ state: 'used', settled_at: 1 });
    await expect(reader.verify(token)).rejects.toMatchObject({ code: 'token_used' });
    await before;
  });

  it('asks again for a link that it knows: whether its time is over, and whether it was revoked', async () => {
    await site.addUser({ email: 'susan@example.com' });
    const [late = '', revoked = ''] = [
      await site.issueToken('susan@example.com'),
      await site.issueToken('susan@example.com'),
    ];
    let now = Date.now();
    const reader = createTokenReader({ ...site.app, clock: { now: () => now } });
    for (const token of [late, revoked])
      expect((await reader.verify(token)).user.email).toBe('susan@example.com');
    await site.app
      .ledger('reset_tokens')
      .where({ jti: jtiOf(revoked) })
      .update({ state: 'revoked' });
    await expect(reader.verify(revoked)).rejects.toMatchObject({ code: 'token_revoked' });
    now += 3_601_000;
    await expect(reader.verify(late)).rejects.toMatchObject({ code: 'token_expired' });
  });
});

const jtiOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { jti: string }).jti;
