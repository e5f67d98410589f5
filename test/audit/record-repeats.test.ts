import { afterEach, beforeEach, expect, it } from 'vitest';
import { flushRepeats, recordRepeats } from '../../src/audit/record-repeats.ts';
import { createTestApp, type TestApp } from '../helpers/create-test-app.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 22);
const event = (over: object = {}) => ({
  event: 'token_reused' as const,
  result: 'token_used',
  actor: { kind: 'web' as const, name: '192.0.2.1' },
  ...over,
});

let test: TestApp;
beforeEach(async () => {
  test = await createTestApp();
});
afterEach(() => test.close());

const rows = async () =>
  ((await test.app.ledger('reset_audit').orderBy('id')) as { details: string | null }[]).map(({ details }) =>
    details === null ? undefined : (JSON.parse(details) as unknown),
  );

it('one link that is used again and again is one row, and then a count', async () => {
  for (let count = 0; count < 3000; count += 1) await recordRepeats(test.app.ledger, NOW + count, event());
  expect(await rows()).toEqual([undefined]);
  await recordRepeats(test.app.ledger, NOW + 11 * MINUTE, event());
  expect(await rows()).toEqual([undefined, { repeats: 2999 }, undefined]);
});

it('what was only counted is written before the process ends', async () => {
  for (let count = 0; count < 3; count += 1)
    await recordRepeats(test.app.ledger, NOW, event({ details: { reason: 'x' } }));
  await flushRepeats(test.app.ledger, NOW);
  await flushRepeats(test.app.ledger, NOW);
  expect(await rows()).toEqual([{ reason: 'x' }, { reason: 'x', repeats: 2 }]);
});

it('different people, addresses and reasons count separately, but no flood of them fills the audit', async () => {
  await recordRepeats(test.app.ledger, NOW, event());
  await recordRepeats(test.app.ledger, NOW, event({ userId: '7' }));
  await recordRepeats(test.app.ledger, NOW, event({ result: 'token_revoked' }));
  expect(await rows()).toHaveLength(3);
  for (let count = 0; count < 2000; count += 1)
    await recordRepeats(test.app.ledger, NOW, event({ actor: { kind: 'web', name: `2001:db8::${count}` } }));
  expect((await rows()).length).toBeLessThan(510);
});

it('what an operator does is always written', async () => {
  const actor = { kind: 'operator' as const, name: 'root@host' };
  for (let count = 0; count < 5; count += 1) await recordRepeats(test.app.ledger, NOW, event({ actor }));
  expect(await rows()).toHaveLength(5);
});
