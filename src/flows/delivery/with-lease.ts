import type { App } from '../../app.ts';
import { LEASE_MS, renewLeases } from '../../outbox/claim.ts';

/**
 * Do this work on one claimed mail while renewing its lease, so that no other worker takes it over, even if the
 * server takes minutes to answer.
 */
export async function withLease<T>(app: App, id: number, work: () => Promise<T>): Promise<T> {
  const renewal = setInterval(() => {
    renewLeases(app.ledger, app.worker, [id], app.clock.now()).catch(() => undefined); // then the lease runs out
  }, LEASE_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
  }
}
