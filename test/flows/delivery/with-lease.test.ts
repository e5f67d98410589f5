import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { claimMessages } from '../../../src/flows/delivery/claim-messages.ts';
import { withLease } from '../../../src/flows/delivery/with-lease.ts';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { LEASE_MS } from '../../../src/outbox/claim.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a mail whose server answers in minutes is not sent again by another worker', async () => {
  const clock = { time: Date.UTC(2026, 10, 22), now: () => clock.time };
  const { app, addUser, close } = await createTestApp({ clock });
  onTestFinished(close);
  const id = await addUser({ email: 'susan@example.test' });
  const { requestId } = await requestReset(app, { identifier: { id }, actor: app.operator, bucket: null });
  const claimAs = (worker: string) => claimMessages({ ...app, worker }, { limit: 1, requestId });
  const leaseEnd = async () =>
    Number(
      ((await app.ledger('reset_outbox').first('claimed_until')) as { claimed_until: number }).claimed_until,
    );

  const [claimed] = await claimAs(app.worker);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await withLease(app, claimed!.message.id, async () => {
    // Five minutes, in which nothing but the lease's own renewal happens.
    for (const end = clock.time + 300_000; clock.time < end;) {
      clock.time += LEASE_MS / 3;
      vi.advanceTimersByTime(LEASE_MS / 3);
      await vi.waitFor(async () => expect(await leaseEnd()).toBe(clock.time + LEASE_MS), 30_000);
      expect(await claimAs('another worker')).toEqual([]);
    }
  });
  expect(vi.getTimerCount()).toBe(0);
  clock.time += LEASE_MS + 1;
  expect(await claimAs('another worker')).toHaveLength(1);
});
