import type { BatchStatus } from '../../flows/batch/follow-batch.ts';
import { localStamp, toIso } from '../../values/instant.ts';
import type { Context } from '../context.ts';

/** Where a batch stands, as a result. */
export function printBatch({ output }: Context, { batch, counts }: BatchStatus): void {
  const { id, state, pauseReason, pauseCode, selection, actorName, ticket, rate, redirectTo } = batch;
  const { total, sent, skipped, failed, unknown, queued, claimed, missed, cancelled, reasons } = counts;
  const createdAt = toIso(batch.createdAt);
  const endedAt = batch.endedAt === null ? null : toIso(batch.endedAt);
  const row = {
    batch: id,
    state,
    pauseReason,
    pauseCode,
    selection,
    total,
    sent,
    skipped,
    failed,
    unknown,
    queued,
    claimed,
    ...(missed > 0 ? { missed } : {}),
    ...(cancelled > 0 ? { cancelled } : {}),
    reasons,
    rate,
    redirectTo,
    actor: actorName,
    ticket,
    createdAt,
    endedAt,
  };
  const why = pauseReason === null ? '' : ` (${pauseReason})`;
  const facts = `sent ${sent}, skipped ${skipped - cancelled}, ${cancelled > 0 ? `cancelled ${cancelled}, ` : ''}failed ${failed}, unknown ${unknown}, to go ${queued + claimed}, total ${total}`;
  output.result(row, `${id}  ${state}${why}  ${localStamp(createdAt)}  ${selection}\n  ${facts}`);
}
