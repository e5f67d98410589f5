import { afterEach, expect, it } from 'vitest';
import { showAccess } from '../../../src/flows/access/show-access.ts';
import type { BatchRequest } from '../../../src/flows/batch/batch-request.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { everybody } from '../../helpers/batch-request.ts';
import { openAccessSite } from '../../helpers/access-site.ts';
import type { TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { rejection } from '../../helpers/rejection.ts';

eachDatabase('everybody out', (open) => {
  let test: TestApp;
  afterEach(() => test.close());

  const plan = (more: Partial<BatchRequest>) =>
    planBatch(test.app, everybody(test.app, { isLocking: true, isMailed: false, ...more }), true);
  const lock = async (more: Partial<BatchRequest> = {}) => {
    const { batch } = await plan(more);
    await beginBatch(test.app, batch, { signal: new AbortController().signal, onLocked: () => undefined });
    return batch.ends;
  };
  const left = async () => {
    const { access } = await showAccess(test.app, { email: 'susan@example.com' });
    return [...new Set(access.filter(({ count }) => count > 0).map(({ kind }) => kind))].sort();
  };

  it('a lock ends tokens and connected apps with the sessions, and keeps second factors', async () => {
    test = await openAccessSite(await open(), 'gitlab');
    expect(await lock()).toBe('remember-me,api-token,oauth-grant');
    expect(await left()).toEqual(['passkey', 'recovery-codes', 'totp']);
  });

  it('second factors end when they are named, by look-ups, too', async () => {
    test = await openAccessSite(await open(), 'django');
    await lock({ ends: ['totp', 'recovery-codes'] });
    expect(await left()).toEqual(['lockout', 'passkey', 'sms']);
  });

  it('support.*: a ticket, protected users, and so many an hour, where second factors end', async () => {
    const support = { 'support.requireTicket': true, 'support.protect': { status: 1 }, 'support.perHour': 1 };
    test = await openAccessSite(await open(), 'redmine', support);
    const before = await left();
    expect(before).toContain('totp');
    const ends = ['totp'] as const;
    const actor = { ...test.app.operator, ticket: 'SUP-1' };
    expect(await rejection(plan({ ends }))).toMatchObject({ details: { limit: 'ticket' } });
    await lock({ ends, actor });
    expect(await left()).toEqual(before);
    expect(await test.app.ledger('reset_outbox').pluck('reason')).toEqual(['protected']);
    await lock(); // ends no second factor, and is not counted
    await lock({ ends, actor, forceProtected: true, locksAgain: true });
    expect(await left()).not.toContain('totp');
    const again = lock({ ends, actor, forceProtected: true, locksAgain: true });
    expect(await rejection(again)).toMatchObject({ code: 'throttled' });
    const refusals = test.app.ledger('reset_audit').where({ event: 'access_refused' }).orderBy('id');
    expect(await refusals.pluck('result')).toEqual(['ticket', 'per_hour']);
  });

  it('a kind that is not in this database stops the plan', async () => {
    test = await openAccessSite(await open(), 'redmine');
    expect(await rejection(plan({ ends: ['passkey'] }))).toMatchObject({ code: 'access_unknown' });
    expect(await test.app.ledger('reset_batches')).toHaveLength(0);
  });
});
