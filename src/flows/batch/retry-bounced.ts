import type { App } from '../../app.ts';
import { nextBounced, requeueBounced } from '../../batches/change-batch.ts';
import { findSuppressed } from '../../outbox/suppressed.ts';

/** Rows read at a time. */
const PAGE = 2000;

/** Queue the bounced mails of people whose address takes mails again, or is another one now. Gives how many. */
export async function requeueReachable(app: App, batchId: string): Promise<number> {
  const store = await app.users();
  let count = 0;
  for (let after = 0; ;) {
    const rows = await nextBounced(app.ledger, batchId, after, PAGE);
    const last = rows.at(-1);
    if (!last) return count;
    const users = await store.get(rows.map(({ userId }) => userId));
    const suppressed = await findSuppressed(
      app.ledger,
      [...users.values()].map(({ email }) => email),
    );
    const good = rows.filter(({ userId }) => {
      const email = users.get(userId)?.email;
      return email !== undefined && !suppressed.has(email);
    });
    count += await requeueBounced(
      app.ledger,
      good.map(({ rowId }) => rowId),
      app.clock.now(),
    );
    after = last.rowId;
  }
}
