import type { BatchStatus, OutcomeGroup, Outcomes } from '../../flows/batch/follow-batch.ts';
import { localStamp, toIso } from '../../values/instant.ts';
import type { Context } from '../context.ts';

/** The progress of a batch, as a result. */
export function printBatch(
  { output }: Context,
  { batch, counts, outcomes }: BatchStatus & { readonly outcomes?: Outcomes },
): void {
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
    ...(outcomes === undefined ? {} : { outcomes }),
    rate,
    redirectTo,
    actor: actorName,
    ticket,
    createdAt,
    endedAt,
  };
  const why = pauseReason === null ? '' : ` (${pauseReason})`;
  const facts = `sent ${sent}, skipped ${skipped - cancelled}, ${cancelled > 0 ? `cancelled ${cancelled}, ` : ''}failed ${failed}, unknown ${unknown}, to go ${queued + claimed}, total ${total}`;
  output.result(row, [
    `${id}  ${state}${why}  ${localStamp(createdAt)}  ${selection}`,
    `  ${facts}`,
    ...(outcomes === undefined ? [] : [`  ${describeOutcomes(outcomes)}`]),
  ]);
}

/** `people: 40 with a new password, 55 with an open link, 5 expired` */
export function describeOutcomes({ changed, open, expired, revoked, failed, waiting }: Outcomes): string {
  const parts = [
    `${changed} with a new password`,
    `${open} with an open link`,
    `${expired} expired`,
    ...(revoked > 0 ? [`${revoked} revoked`] : []),
    `${failed} not reached`,
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
  ];
  return `people: ${parts.join(', ')}`;
}

const NAMED = 20;

/** A table by domain or language; a terminal shows the largest groups. */
export function printGroups(
  { output }: Context,
  by: 'domain' | 'language',
  groups: readonly OutcomeGroup[],
): void {
  const shown = output.isJson ? groups : groups.slice(0, NAMED);
  const heads = ['changed', 'open', 'expired', 'failed', 'waiting'] as const;
  const line = (cells: readonly (string | number)[], name: string) =>
    `  ${cells.map((cell) => String(cell).padStart(9)).join('')}  ${name}`;
  if (!output.isJson) output.result({}, line(heads, by));
  for (const { name, outcomes } of shown) {
    const cells = heads.map((each) => outcomes[each]);
    output.result({ [by]: name, ...outcomes }, line(cells, name ?? '(none)'));
  }
  const left = groups.length - shown.length;
  if (left > 0) output.info(`  and ${left} more: add --json`);
}
