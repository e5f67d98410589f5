import { afterEach, expect, it } from 'vitest';
import { endWithLink, planEndWithLink } from '../../../src/flows/access/end-with-link.ts';
import type { AccessKind } from '../../../src/flows/access/kinds.ts';
import { showAccess } from '../../../src/flows/access/show-access.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { readUserStatus } from '../../../src/flows/history/read-status.ts';
import { extractToken } from '../../../src/tokens/extract-token.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { openAccessSite } from '../../helpers/access-site.ts';
import type { TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { rejection } from '../../helpers/rejection.ts';

const identifier = { email: 'susan@example.com' };

eachDatabase('a link that is mailed while access ends', (open) => {
  let test: TestApp;
  afterEach(() => test.close());

  const request = (kinds: readonly AccessKind[], bucket: 'operator' | null = null) => ({
    identifier,
    kinds,
    actor: test.app.operator,
    bucket,
  });
  const count = async (kind: string) => {
    const { access } = await showAccess(test.app, identifier);
    return access.filter((each) => each.kind === kind).reduce((sum, each) => sum + each.count, 0);
  };
  const hash = async () => (await test.app.usersDb('users').where({ login: 'susan' }).first()) as object;
  const rows = async (table: string) => (await test.app.ledger(table)) as Record<string, unknown>[];

  it('ends what is named and the old password, and the link gives a new one', async () => {
    test = await openAccessSite(await open(), 'redmine');
    const { ended, user } = await endWithLink(test.app, request(['totp']));
    expect(ended.ended.map(({ kind }) => kind)).toEqual(['totp']);
    expect([await count('totp'), await count('session'), await count('api-token')]).toEqual([0, 0, 3]);
    const { encoded } = (await rows('reset_locks'))[0]!;
    expect(encoded).not.toBe(user.encoded);
    expect((await readUserStatus(test.app, identifier)).timeline.map(({ event }) => event)).toContain(
      'password_locked',
    );

    await runWorker(test.app, { once: true, signal: new AbortController().signal });
    const texts = test.mailbox!.messages.map(({ parsed }) => `${parsed.subject}\n${parsed.text}`);
    const link = texts.find((text) => text.includes('no longer works'))!;
    expect(link).toMatch(/^Reset your password for Acme: your old one no longer works/);
    expect(texts.find((text) => text !== link)).toContain('Your authenticator app was removed.');
    const { status } = await applyToken(test.app, {
      token: extractToken(link),
      password: 'correct horse battery staple',
      actor: { kind: 'web', name: '192.0.2.1' },
    });
    expect(status).toBe('applied');
  });

  it('never leaves the account open with neither: nothing happens when the mail cannot be queued', async () => {
    test = await openAccessSite(await open(), 'redmine');
    const before = await hash();
    await test.app.ledger.schema.renameTable('reset_outbox', 'kept_outbox');
    await rejection(endWithLink(test.app, request(['totp'])));
    await test.app.ledger.schema.renameTable('kept_outbox', 'reset_outbox');
    expect([await count('totp'), await hash(), await rows('reset_locks')]).toEqual([1, before, []]);
  });

  it('refuses what is not there, and a second one a moment later', async () => {
    test = await openAccessSite(await open(), 'redmine', { 'support.requireTicket': true });
    expect(await rejection(endWithLink(test.app, request(['totp'])))).toMatchObject({
      details: { limit: 'ticket' },
    });
    expect(await rejection(planEndWithLink(test.app, request(['passkey'])))).toMatchObject({
      details: { limit: 'ticket' },
    });
    expect((await rows('reset_audit')).map(({ event }) => event)).toEqual([
      'access_refused',
      'access_refused',
    ]);
    expect(await rows('reset_outbox')).toEqual([]);
  });

  it('counts against the cool-down of operators', async () => {
    test = await openAccessSite(await open(), 'redmine');
    await endWithLink(test.app, request(['totp'], 'operator'));
    expect(await rejection(endWithLink(test.app, request(['api-token'], 'operator')))).toMatchObject({
      code: 'throttled',
    });
    expect(await count('api-token')).toBe(3);
  });
});
