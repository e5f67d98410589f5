import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { inTransaction } from '../../db/transaction.ts';
import { skipLeftovers } from '../../outbox/skip-leftovers.ts';

/** Mails that wait for a mail server that is no longer used are settled as expired, with a line in the audit log. */
export async function expireLeftovers(app: App): Promise<void> {
  await inTransaction(
    app.ledger,
    async (trx) => {
      const now = app.clock.now();
      const leftovers = await skipLeftovers(trx, { takes: app.route.takes, now });
      const actor = { kind: 'system', name: app.worker } as const;
      await record(
        trx,
        now,
        ...leftovers.map(({ requestId, userId, kind }) => ({
          event: 'mail_skipped' as const,
          result: 'expired',
          actor,
          requestId,
          userId,
          details: { kind },
        })),
      );
    },
    { sharesQueue: true },
  );
}
