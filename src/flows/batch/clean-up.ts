import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { removeOldAudit } from '../../audit/remove-old.ts';
import type { CleanedUp } from '../../batches/clean-up.ts';
import { cleanUp } from '../../batches/clean-up.ts';

/**
 * Remove settled mails, dead tokens and run-out counters that are older than `olderThanMs`. The audit log stays,
 * unless it has an age of its own.
 */
export async function cleanUpLedger(
  app: App,
  olderThanMs: number,
  auditOlderThanMs?: number,
): Promise<CleanedUp & { readonly auditRows: number }> {
  const now = app.clock.now();
  const auditRows =
    auditOlderThanMs === undefined ? 0 : await removeOldAudit(app.ledger, now - auditOlderThanMs);
  const removed = { ...(await cleanUp(app.ledger, now - olderThanMs)), auditRows };
  await (await app.throttle()).sweep(now);
  await record(app.ledger, now, {
    event: 'operator_action',
    result: 'cleaned_up',
    actor: app.operator,
    details: { olderThanMs, auditOlderThanMs, ...removed },
  });
  return removed;
}
