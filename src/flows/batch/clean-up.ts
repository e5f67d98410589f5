import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { CleanedUp } from '../../batches/clean-up.ts';
import { cleanUp } from '../../batches/clean-up.ts';

/** Remove settled mails, dead tokens and run-out counters that are older than `olderThanMs`. The audit stays. */
export async function cleanUpLedger(app: App, olderThanMs: number): Promise<CleanedUp> {
  const now = app.clock.now();
  const removed = await cleanUp(app.db, now - olderThanMs);
  await (await app.throttle()).sweep(now);
  await record(app.db, now, {
    event: 'operator_action',
    result: 'cleaned_up',
    actor: app.operator,
    details: { olderThanMs, ...removed },
  });
  return removed;
}
