import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { noteChanges } from '../../batches/note-changes.ts';
import { skipSharedAddresses, skipUnwritable } from '../../batches/skip-rows.ts';
import { inTransaction } from '../../db/transaction.ts';
import { skipSuppressed } from '../../outbox/suppressed.ts';
import { assertKnownHashes } from './assert-known-hashes.ts';
import { scheduleMails } from './schedule-mails.ts';

/**
 * Everybody has a row: leave out addresses that can get no mail, look at the hashes (unless they are known to be readable),
 * and give each mail its time. Gives how many passwords the batch locks, where the look has counted them.
 */
export async function finishPlan(
  app: App,
  batch: Batch,
  areHashesKnown = false,
): Promise<number | undefined> {
  await inTransaction(app.ledger, async (trx) => {
    await skipUnwritable(trx, batch.id, app.clock.now());
    await skipSuppressed(trx, batch.id, app.clock.now());
    await skipSharedAddresses(trx, batch.id, app.clock.now());
  });
  await noteChanges(app.ledger, batch);
  const locks = areHashesKnown ? undefined : await assertKnownHashes(app, batch);
  await scheduleMails(app, batch);
  return locks;
}
