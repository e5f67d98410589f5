import { afterEach, expect, it } from 'vitest';
import type { KeyName } from '../../../src/config/schema.ts';
import { endAccess, planEnd, type EndRequest } from '../../../src/flows/access/end-access.ts';
import { showAccess } from '../../../src/flows/access/show-access.ts';
import { sendNotice } from '../../../src/flows/links/send-notice.ts';
import { openAccessSite } from '../../helpers/access-site.ts';
import type { TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { rejection } from '../../helpers/rejection.ts';

const identifier = { email: 'susan@example.com' };

eachDatabase('access', (open) => {
  let test: TestApp;
  afterEach(() => test.close());

  async function site(name: string, config: Readonly<Partial<Record<KeyName, unknown>>> = {}): Promise<void> {
    test = await openAccessSite(await open(), name, config);
  }
  const end = (kinds: EndRequest['kinds'], rest: { ticket?: string; forceProtected?: boolean } = {}) => {
    const { ticket, ...others } = rest;
    return endAccess(test.app, { identifier, kinds, actor: { ...test.app.operator, ticket }, ...others });
  };
  const counts = async () => {
    const { access } = await showAccess(test.app, identifier);
    const found: Record<string, number> = {};
    for (const { kind, count } of access) found[kind] = (found[kind] ?? 0) + count;
    return found;
  };
  const audit = async () => {
    const rows = await test.app
      .ledger('reset_audit')
      .orderBy('id')
      .select('event', 'result', 'details', 'ticket');
    return rows.map(({ event, result, details, ticket }) => ({
      event: event as string,
      result: result as string,
      ticket: ticket as string | null,
      details: JSON.parse(String(details)) as unknown,
    }));
  };

  it('shows what opens the account, and what a reset leaves open', async () => {
    await site('django');
    const view = await showAccess(test.app, identifier);
    expect(view).toMatchObject({
      password: { format: 'django-pbkdf2', isThere: true },
      sessionsEndWithHash: true,
    });
    const phone = view.access.find(({ kind, name }) => kind === 'totp' && name === 'allauth');
    expect(phone).toMatchObject({ count: 1, since: '2026-01-02T03:04:05.000Z', endsWithReset: false });
    expect(view.access.find(({ name }) => name === 'Knox')).toMatchObject({ count: 2, endsWithReset: true });
  });

  it('ends what is named, with its audit and one mail to the person, and nothing else', async () => {
    await site('django');
    const before = await counts();
    const result = await end(['totp', 'recovery-codes'], { ticket: 'SUP-4711' });
    expect(result.ended.map(({ kind, name, count }) => [kind, name, count])).toEqual([
      ['totp', 'django-otp', 1],
      ['totp', 'HOTP', 1],
      ['recovery-codes', 'django-otp', 2],
      ['totp', 'allauth', 1],
      ['recovery-codes', 'allauth', 1],
    ]);
    expect(await counts()).toEqual({ ...before, totp: 0, 'recovery-codes': 0 });
    expect(await audit()).toEqual([
      {
        event: 'access_ended',
        result: 'ok',
        ticket: 'SUP-4711',
        details: { ended: { totp: 3, 'recovery-codes': 3 } },
      },
    ]);
    expect(await sendNotice(test.app, result.requestId!)).toBeUndefined();
    expect(test.mailbox!.messages).toHaveLength(1);
    const { envelope, parsed } = test.mailbox!.messages[0]!;
    expect(envelope.to).toEqual(['susan@example.com']);
    for (const part of [parsed.text, String(parsed.html)]) {
      expect(part).toContain('Your authenticator app was removed.');
      expect(part).toContain('Your recovery codes no longer work.');
      expect(part).toContain('SUP-4711');
      expect(part).not.toContain('signed out');
    }
  });

  it('all: whatever lets the person in; a lockout stays', async () => {
    await site('gitlab');
    await end('all');
    expect(Object.entries(await counts()).filter(([, count]) => count > 0)).toEqual([
      ['lockout', 1],
      ['must-change', 1],
    ]);
    await end(['lockout', 'must-change']);
    expect(Object.values(await counts()).every((count) => count === 0)).toBe(true);
  });

  it('plans without changing anything', async () => {
    await site('redmine');
    const before = await counts();
    const plan = await planEnd(test.app, { identifier, kinds: 'all', actor: test.app.operator });
    expect(plan).toMatchObject({ status: 'planned', requestId: null });
    expect(await counts()).toEqual(before);
    expect(await audit()).toEqual([]);
  });

  it('refuses what is not there and what is not known, and audits the refusal', async () => {
    await site('redmine');
    expect(await rejection(end(['passkey']))).toMatchObject({ code: 'access_unknown' });
    await end(['totp']);
    expect(await rejection(end(['totp']))).toMatchObject({ code: 'usage_invalid' });
    expect((await audit()).map(({ event, result }) => [event, result])).toEqual([
      ['access_refused', 'access_unknown'],
      ['access_ended', 'ok'],
      ['access_refused', 'nothing_there'],
    ]);
    expect(await test.app.ledger('reset_outbox')).toHaveLength(1);
  });

  it('support.*: a ticket, protected users, and so many an hour; each refusal is audited', async () => {
    await site('redmine', {
      'support.requireTicket': true,
      'support.protect': { status: 1 },
      'support.perHour': 2,
    });
    const before = await counts();
    const forced = { ticket: 'SUP-1', forceProtected: true };
    expect(await rejection(end(['totp']))).toMatchObject({
      message: expect.stringContaining('--ticket') as string,
    });
    expect(await rejection(end(['totp'], { ticket: 'SUP-1' }))).toMatchObject({
      message: expect.stringContaining('--force-protected') as string,
    });
    expect(await counts()).toEqual(before);
    await end(['totp'], forced);
    await end(['session'], forced);
    expect(await rejection(end(['api-token'], forced))).toMatchObject({ code: 'throttled' });
    expect((await audit()).map(({ event, result }) => [event, result])).toEqual([
      ['access_refused', 'ticket'],
      ['access_refused', 'protected'],
      ['access_ended', 'ok'],
      ['access_ended', 'ok'],
      ['access_refused', 'per_hour'],
    ]);
    expect((await counts())['api-token']).toBeGreaterThan(0);
  });

  it('a protected column that is not there stops everything', async () => {
    await site('redmine', { 'support.protect': { is_staff: true } });
    expect(await rejection(end(['totp']))).toMatchObject({ code: 'config_invalid' });
  });

  it('of two at once, one ends it', async () => {
    await site('redmine');
    const both = await Promise.allSettled([end(['totp']), end(['totp'])]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await audit()).map(({ result }) => result).sort()).toEqual(['nothing_there', 'ok']);
    expect(await test.app.ledger('reset_outbox')).toHaveLength(1);
  });

  it('ends nothing when the audit cannot be written', async () => {
    await site('redmine');
    const before = await counts();
    await test.app.ledger.schema.renameTable('reset_audit', 'kept_audit');
    await rejection(end('all'));
    await test.app.ledger.schema.renameTable('kept_audit', 'reset_audit');
    expect(await counts()).toEqual(before);
    expect(await test.app.ledger('reset_outbox')).toHaveLength(0);
  });
});
