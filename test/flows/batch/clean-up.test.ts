import { afterEach, beforeEach, expect, it } from 'vitest';
import { record } from '../../../src/audit/record.ts';
import { cleanUpLedger } from '../../../src/flows/batch/clean-up.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';

const DAY = 86_400_000;

let test: TestApp;
beforeEach(async () => {
  test = await createTestApp();
  const { app } = test;
  for (const days of [800, 500, 1])
    await record(app.ledger, app.clock.now() - days * DAY, {
      event: 'token_reused',
      result: `${days}d`,
      actor: app.operator,
    });
});
afterEach(() => test.close());

const results = async () =>
  ((await test.app.ledger('reset_audit').orderBy('at')) as { result: string }[]).map(({ result }) => result);

it('the audit stays, however old it is', async () => {
  expect(await cleanUpLedger(test.app, DAY)).toMatchObject({ auditRows: 0 });
  expect(await results()).toEqual(['800d', '500d', '1d', 'cleaned_up']);
});

it('with an age of its own it loses what is older, and says so in itself', async () => {
  expect(await cleanUpLedger(test.app, DAY, 730 * DAY)).toMatchObject({ auditRows: 1 });
  expect(await results()).toEqual(['500d', '1d', 'cleaned_up']);
});
