import type { Surviving } from '../../flows/access/surviving.ts';
import type { BatchOverview, BatchStatus, OutcomeGroup, Outcomes } from '../../flows/batch/follow-batch.ts';
import type { Batch } from '../../flows/batch/plan-batch.ts';
import { localStamp, toIso } from '../../values/instant.ts';
import { describeSchedule, scheduleRow } from './schedule-options.ts';
import type { Context } from '../command/context.ts';
import { programName } from '../../values/program-name.ts';
import { survivingText } from '../person/surviving-lines.ts';

type Shown = BatchStatus & Partial<BatchOverview> & { readonly surviving?: readonly Surviving[] };

/** The progress of a batch, as a result. */
export function printBatch({ output }: Context, shown: Shown): void {
  const { batch, counts, outcomes, reminders = [], surviving = [] } = shown;
  const { id, state, pauseReason, selection } = batch;
  const { total, sent, skipped, failed, unknown, bounced, queued, claimed, cancelled } = counts;
  const why = pauseReason === null ? '' : ` (${pauseReason})`;
  const facts = `sent ${sent}, skipped ${skipped - cancelled}, ${cancelled > 0 ? `cancelled ${cancelled}, ` : ''}failed ${failed}, unknown ${unknown}, ${bounced > 0 ? `bounced ${bounced}, ` : ''}to go ${queued + claimed}, total ${total}`;
  output.result(rowOf(shown), [
    `${id}  ${state}${why}  ${localStamp(toIso(batch.createdAt))}  ${selection}`,
    `  ${facts}`,
    ...(outcomes === undefined ? [] : [`  ${describeOutcomes(outcomes)}`]),
    ...survivingText(surviving).map((line) => `  ${line}`),
    ...(surviving.length === 0 ? [] : [`    to see who: ${programName} batch report ${id}`]),
    ...describeSchedule(batch).map((line) => `  ${line}`),
    ...reminders.map(describeReminder),
  ]);
}

/** Counts that are only said where there is something to say. */
export const withoutZeros = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

/** The same for scripts. */
function rowOf({ batch, counts, outcomes, reminders = [], surviving }: Shown) {
  const { id, state, pauseReason, pauseCode, selection, actorName, ticket, rate, redirectTo } = batch;
  const { total, sent, skipped, failed, unknown, bounced, queued, claimed, missed, cancelled, reasons } =
    counts;
  return {
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
    ...withoutZeros({ bounced, missed, cancelled }),
    reasons,
    ...(outcomes === undefined ? {} : { outcomes }),
    ...(surviving === undefined ? {} : { survives: surviving }),
    ...familyOf(batch, reminders),
    rate,
    ...scheduleRow(batch),
    redirectTo,
    actor: actorName,
    ticket,
    createdAt: toIso(batch.createdAt),
    endedAt: batch.endedAt === null ? null : toIso(batch.endedAt),
  };
}

/** Of a reminder: which one, and of which batch; of a batch that has reminders: those. */
const familyOf = ({ parentId, reminder }: Batch, reminders: readonly BatchStatus[]) => ({
  ...(parentId === null ? {} : { parent: parentId, reminder }),
  ...(reminders.length === 0
    ? {}
    : {
        reminders: reminders.map(({ batch, counts }) => ({
          batch: batch.id,
          reminder: batch.reminder,
          state: batch.state,
          sent: counts.sent,
          createdAt: toIso(batch.createdAt),
        })),
      }),
});

const describeReminder = ({ batch, counts }: BatchStatus): string =>
  `  reminder ${batch.reminder ?? ''}: ${batch.id}  ${batch.state}  ${localStamp(toIso(batch.createdAt))}  sent ${counts.sent}`;

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
