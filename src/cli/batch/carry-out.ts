import type { App } from '../../app.ts';
import { showBatch } from '../../flows/batch/follow-batch.ts';
import { EXIT } from '../terminal/exit.ts';
import { resumePaused } from '../../flows/batch/manage-batches.ts';
import type { Batch, Plan } from '../../flows/batch/plan-batch.ts';
import { beginBatch, countLocks, dropPlan, keepPlanning } from '../../flows/batch/start-batch.ts';
import { programName } from '../../values/program-name.ts';
import type { Context } from '../command/context.ts';
import { approvePlan, confirm, type Approval } from './approve-plan.ts';
import { deliverAndReport } from './deliver-and-report.ts';
import { isForLater, printScheduled } from './schedule-options.ts';
import { printLocked } from './print-locked.ts';

/** From a plan to the exit code: check, ask, lock, deliver; or continue the unfinished batch. `file`: the recipients' file. */
export async function carryOut(
  context: Context,
  app: App,
  plan: Plan,
  options: Approval,
  file?: string,
): Promise<number> {
  const { id } = plan.batch;
  if (plan.isResumed) {
    if (!(await goOn(context, app, plan, options))) return EXIT.interrupted;
    return deliver(context, app, id);
  }
  const renewal = keepPlanning(app, id);
  let approved: { readonly locks: number } | undefined;
  try {
    approved = await approvePlan(context, app, plan, { options, file });
  } finally {
    clearInterval(renewal);
    if (!approved) await dropPlan(app, plan.batch);
  }
  if (!approved) return EXIT.done;
  if (!(await begin(context, app, plan.batch, approved.locks))) return EXIT.interrupted;
  return deliver(context, app, id);
}

/** What starts later is left to a worker. */
async function deliver(context: Context, app: App, id: string): Promise<number> {
  const status = await showBatch(app, id);
  if (!isForLater(status.batch, app.clock.now())) return deliverAndReport(context, app, id);
  printScheduled(context, status);
  return EXIT.done;
}

const isOtherRate = ({ config }: App, { rate }: Batch): boolean =>
  config.mail.rate !== undefined && config.mail.rate !== rate;

const sayRate = ({ rate }: Batch): string => (rate === null ? 'without a rate' : `at ${rate}/s`);

/** The same command was given before: continue where it stopped. False: interrupted while it locks. */
async function goOn(
  context: Context,
  app: App,
  { batch, counts }: Plan,
  options: Approval,
): Promise<boolean> {
  const { id, state } = batch;
  const isReminder = batch.parentId !== null;
  const left = counts.queued + counts.claimed;
  context.output.info(
    `This is the unfinished batch ${id} (${state}): ${counts.sent} sent, ${left} to go. ${isReminder ? `To drop it: ${programName} batch cancel ${id}` : 'To start a new one: --new'}`,
  );
  if (isOtherRate(app, batch))
    context.output.warn(
      `It continues ${sayRate(batch)}, as it was started. --rate is for a new batch${isReminder ? '' : ' (--new)'}.`,
    );
  if (left > 0) await confirm(context, left, options);
  if (state === 'locking') return begin(context, app, batch, await countLocks(app, batch));
  if (state !== 'paused') return true;
  const canary = options.canary === undefined ? undefined : Number(options.canary);
  await resumePaused(app, id, app.operator, canary);
  return true;
}

/** Lock, if asked to, and start delivery. False: Ctrl-C while it locks. `locks`: passwords that are still to be locked. */
async function begin({ output, signal }: Context, app: App, batch: Batch, locks: number): Promise<boolean> {
  const { sessionsEndWithHash } = (await app.users()).description;
  const printed = printLocked(output, locks, () => app.clock.now(), sessionsEndWithHash);
  const isBegun = await beginBatch(app, batch, { signal, onLocked: printed.now });
  printed.end();
  if (!isBegun) {
    output.warn(
      `Batch ${batch.id}: not all passwords are locked, and nobody was mailed. Run the same command again to continue; ${programName} batch cancel ${batch.id} ends it.`,
    );
  }
  return isBegun;
}
