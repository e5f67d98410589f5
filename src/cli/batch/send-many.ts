import type { App } from '../../app.ts';
import { EXIT } from '../../errors.ts';
import { resumePaused } from '../../flows/batch/manage-batches.ts';
import type { Batch, Plan } from '../../flows/batch/plan-batch.ts';
import { planBatch } from '../../flows/batch/plan-batch.ts';
import { assertCanDeliver } from '../../flows/links/send-reset.ts';
import { beginBatch, countLocks, dropPlan, keepPlanning } from '../../flows/batch/start-batch.ts';
import { confirm, isWanted, warnOfUnknownLines } from './approve-plan.ts';
import type { Command, Context } from '../context.ts';
import { deliverAndReport } from './deliver-and-report.ts';
import { TO_SEND, withApp } from '../open-app.ts';
import type { SendOptions } from './send-options.ts';
import { expectedOf, toBatchRequest } from './send-options.ts';
import { assertOneStdin, openInput, type Input } from './spool-input.ts';
import { printLocked } from './print-locked.ts';
import { warnOfNativeLinks } from '../warn-of-native-links.ts';
import { programName } from '../../values/program-name.ts';

/** `reset send` to many: plan, check, ask, lock, deliver. */
export const sendMany: Command<SendOptions> = async (context, emails, options) => {
  const lockOnly = ['database', 'secret'] as const;
  assertOneStdin(options.file, options.exclude);
  const inputs: { file?: Input; exclude?: Input } = {};
  try {
    if (options.file !== undefined) inputs.file = await openInput(options.file);
    if (options.exclude !== undefined) inputs.exclude = await openInput(options.exclude);
    return await withApp(
      context,
      { needed: options.mail === 'none' ? lockOnly : TO_SEND, isBulk: true },
      ({ app }) => sendBatch(context, app, { emails, options, inputs }),
    );
  } catch (error) {
    warnOfUnknownLines(context, error);
    throw error;
  } finally {
    await inputs.file?.remove();
    await inputs.exclude?.remove();
  }
};

interface Given {
  readonly emails: readonly string[];
  readonly options: SendOptions;
  readonly inputs: { readonly file?: Input; readonly exclude?: Input };
}

async function sendBatch(context: Context, app: App, { emails, options, inputs }: Given): Promise<number> {
  const actor = { ...app.operator, ticket: options.ticket };
  const files = { file: inputs.file?.file, exclude: inputs.exclude?.file };
  const request = toBatchRequest(emails, options, { actor, now: app.clock.now(), files });
  expectedOf(options);
  if (request.isMailed) {
    await assertCanDeliver(app);
    await warnOfNativeLinks(context, app);
  }
  const plan = await planBatch(app, request, options.new === true);
  const { id } = plan.batch;
  if (plan.isResumed) {
    if (!(await goOn(context, app, plan, options))) return EXIT.interrupted;
    return deliverAndReport(context, app, id);
  }
  const renewal = keepPlanning(app, id);
  let isKept = false;
  try {
    isKept = await isWanted(context, app, plan, { options, file: files.file?.name });
  } finally {
    clearInterval(renewal);
    if (!isKept) await dropPlan(app, plan.batch);
  }
  if (!isKept) return EXIT.done;
  if (!(await begin(context, app, plan.batch))) return EXIT.interrupted;
  return deliverAndReport(context, app, id);
}

const isOtherRate = ({ config }: App, { rate }: Batch): boolean =>
  config.mail.rate !== undefined && config.mail.rate !== rate;

const sayRate = ({ rate }: Batch): string => (rate === null ? 'without a rate' : `at ${rate}/s`);

/** The same `send` was given before: continue where it stopped. False: interrupted while it locks. */
async function goOn(
  context: Context,
  app: App,
  { batch, counts }: Plan,
  options: SendOptions,
): Promise<boolean> {
  const { id, state } = batch;
  const left = counts.queued + counts.claimed;
  context.output.info(
    `This is the unfinished batch ${id} (${state}): ${counts.sent} sent, ${left} to go. To start a new one: --new`,
  );
  if (isOtherRate(app, batch))
    context.output.warn(
      `It continues ${sayRate(batch)}, as it was started. --rate is for a new batch (--new).`,
    );
  if (left > 0) await confirm(context, left, options);
  if (state === 'locking') return begin(context, app, batch);
  if (state !== 'paused') return true;
  const canary = options.canary === undefined ? undefined : Number(options.canary);
  await resumePaused(app, id, app.operator, canary);
  return true;
}

/** Lock, if asked to, and start delivery. False: Ctrl-C while it locks. */
async function begin({ output, signal }: Context, app: App, batch: Batch): Promise<boolean> {
  const all = batch.isLocking ? await countLocks(app, batch) : 0;
  const { sessionsEndWithHash } = await app.mapping();
  const printed = printLocked(output, all, () => app.clock.now(), sessionsEndWithHash);
  const isBegun = await beginBatch(app, batch, { signal, onLocked: printed.now });
  printed.end();
  if (!isBegun) {
    output.warn(
      `Batch ${batch.id}: not all passwords are locked, and nobody was mailed. Run the same command again to continue; ${programName} batch cancel ${batch.id} ends it.`,
    );
  }
  return isBegun;
}
