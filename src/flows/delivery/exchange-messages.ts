import type { App } from '../../app.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Due, DueLimits } from './claim-messages.ts';
import { claimDueIn } from './claim-messages.ts';
import type { Delivered } from './delivered.ts';
import { settleIn } from './settle-messages.ts';
import { openNeeds } from './stamp-tokens.ts';

/**
 * End the attempts of mails that were sent or skipped and claim the next ones, in one transaction: half the commits,
 * which is what a delivery at full speed waits for. The claim comes first, so that limiters and batches are locked in
 * the same order as by a claim alone. Throws whatever either throws, and then neither has happened.
 */
export async function exchangeMessages(
  app: App,
  delivered: readonly Delivered[],
  limits: DueLimits,
): Promise<Due> {
  const needs = await openNeeds(app);
  return inTransaction(
    app.ledger,
    async (trx) => {
      const due = await claimDueIn(needs, trx, limits);
      await settleIn(app, trx, delivered);
      return due;
    },
    { sharesQueue: true },
  );
}
