import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { skipRows } from '../../batches/skip-rows.ts';
import { lockedBefore } from '../../batches/user-locks.ts';
import type { BatchRequest } from './batch-request.ts';

/** Users read at a time. */
const PAGE = 2000;

/**
 * People who were locked before and have a different hash now have set a new password, through this program or the
 * application. With `--lock` they are spared, because otherwise running the command twice would lock out the very
 * people who have come back; with `--skip-if-changed-since` they are skipped when the lock was later than that.
 */
export async function spareChanged(app: App, batch: Batch, request: BatchRequest): Promise<void> {
  const { isLocking, locksAgain = false, changedSince } = request;
  const isSparing = isLocking && !locksAgain;
  if (changedSince === undefined && !isSparing) return;
  const since = isSparing ? 0 : (changedSince ?? 0);
  const reason = isSparing ? 'changed_since_lock' : 'changed_since';
  const store = await app.users();
  for (let after = 0; ;) {
    const rows = await lockedBefore(app.ledger, { batchId: batch.id, since, after, limit: PAGE });
    const last = rows.at(-1);
    if (!last) return;
    const ids = rows.map(({ userId }) => userId);
    const users = await store.get(ids);
    const changed = rows.filter(({ userId, encoded }) => {
      const stored = users.get(userId)?.encoded ?? '';
      return stored !== '' && stored !== encoded;
    });
    const rowIds = changed.map(({ rowId }) => rowId);
    await skipRows(app.ledger, rowIds, reason, app.clock.now());
    after = last.rowId;
  }
}
