import type { App } from '../../app.ts';
import { EXIT, ResetError } from '../../errors.ts';
import { knowsChanges } from '../../flows/batch/batch-request.ts';
import { resumePaused } from '../../flows/batch/manage-batches.ts';
import type { Batch, Plan } from '../../flows/batch/plan-batch.ts';
import { planBatch } from '../../flows/batch/plan-batch.ts';
import { assertCanDeliver } from '../../flows/links/send-reset.ts';
import {
  beginBatch,
  countLocks,
  dropPlan,
  keepPlanning,
  listUnknown,
} from '../../flows/batch/start-batch.ts';
import { Interrupted } from '../terminal/ask.ts';
import type { Command, Context } from '../context.ts';
import { followAndTell } from './deliver-and-report.ts';
import { withApp } from '../open-app.ts';
import type { SendOptions } from './send-options.ts';
import { expectedOf, toBatchRequest } from './send-options.ts';
import { spoolStdin } from './spool-stdin.ts';
import { tellLocked } from './print-locked.ts';
import { tellNative } from '../print-native.ts';
import { planLines, tellDryRun } from './print-plan.ts';

/** `reset send` to many: plan, check, ask, lock, deliver. */
export const sendMany: Command<SendOptions> = async (context, emails, options) => {
  const require = ['database', 'baseUrl', 'secret', 'mail.url', 'mail.from'] as const;
  const lockOnly = ['database', 'secret'] as const;
  const spool = options.file === '-' ? await spoolStdin() : undefined;
  const given = spool === undefined ? options : { ...options, file: spool.path, isSpooled: true };
  try {
    return await withApp(
      context,
      { require: options.mail === 'none' ? lockOnly : require, isBulk: true },
      ({ app }) => sendBatch(context, app, emails, given),
    );
  } finally {
    await spool?.remove();
  }
};

async function sendBatch(
  context: Context,
  app: App,
  emails: readonly string[],
  options: SendOptions,
): Promise<number> {
  const actor = { ...app.operator, ticket: options.ticket };
  const request = toBatchRequest(emails, options, { actor, now: app.clock.now() });
  expectedOf(options);
  if (request.isMailed) {
    await assertCanDeliver(app);
    await tellNative(context, app);
  }
  const plan = await planBatch(app, request, options.new === true);
  const { id } = plan.batch;
  if (plan.isResumed) {
    if (!(await goOn(context, app, plan, options))) return EXIT.interrupted;
    return followAndTell(context, app, id);
  }
  const renewal = keepPlanning(app, id);
  let isKept = false;
  try {
    isKept = await isWanted(context, app, plan, options);
  } finally {
    clearInterval(renewal);
    if (!isKept) await dropPlan(app, plan.batch);
  }
  if (!isKept) return EXIT.done;
  if (!(await begin(context, app, plan.batch))) return EXIT.interrupted;
  return followAndTell(context, app, id);
}

/** Checks, dry run, question: whether the plan is to be carried out. Throws when it must not be. */
async function isWanted(context: Context, app: App, plan: Plan, options: SendOptions): Promise<boolean> {
  const { output } = context;
  const locks = plan.batch.isLocking ? await countLocks(app, plan.batch) : 0;
  if (options.skipIfChangedSince !== undefined && !(await knowsChanges(app))) {
    output.info(
      'The users table does not say when a password changed: resets by this program are known, others not.',
    );
  }
  if (options.dryRun === true) await tellDryRun(context, app, plan, locks);
  if (options.ignoreUnknown !== true) await assertNoUnknown(context, app, plan);
  assertExpected(plan, locks, expectedOf(options));
  if (options.dryRun === true) return false;
  if (plan.counts.total === 0) {
    const row = { batch: null, total: 0, sent: 0, skipped: 0, failed: 0, unknown: 0 };
    output.result(row, 'nobody was chosen: nothing to send', 'ok');
    return false;
  }
  for (const line of planLines(plan, locks)) output.info(line);
  if (plan.counts.queued > 0 || locks > 0) await confirm(context, plan.counts.queued, options);
  if (context.signal.aborted) throw new Interrupted();
  return true;
}

async function assertNoUnknown({ output }: Context, app: App, { batch, counts }: Plan): Promise<void> {
  if ((counts.reasons['user_not_found'] ?? 0) === 0) return;
  const unknown = await listUnknown(app, batch);
  for (const line of unknown) output.warn(`names no user: ${line}`);
  throw new ResetError(
    'user_not_found',
    `${unknown.length} line(s) name no user; nothing was sent. Mend them, or skip them with --ignore-unknown.`,
    { details: { count: unknown.length, unknown } },
  );
}

function assertExpected({ batch, counts }: Plan, locks: number, expected: number | undefined): void {
  const count = batch.isLocking ? locks : counts.queued;
  if (expected === undefined || expected === count) return;
  const what = batch.isLocking ? 'passwords to lock' : 'recipients';
  throw new ResetError(
    'usage_invalid',
    `There are ${count} ${what}, and --expect says ${expected}. Nothing was sent.`,
    {
      details: { expected, count, reasons: counts.reasons },
    },
  );
}

async function confirm({ ask }: Context, count: number, { yes }: SendOptions): Promise<void> {
  if (yes === true) return;
  if (!ask.isPossible) {
    throw new ResetError(
      'usage_invalid',
      `To send ${count} mails without being asked, add --yes. See the plan first: --dry-run`,
    );
  }
  if (!(await ask.confirm(`Send ${count} mails?`, false))) {
    throw new ResetError('usage_invalid', 'Nothing was sent.');
  }
}

/** The same `send` was given before: carry on where it stopped. False: interrupted while it locks. */
async function goOn(
  context: Context,
  app: App,
  { batch, counts }: Plan,
  options: SendOptions,
): Promise<boolean> {
  const { id, state } = batch;
  const left = counts.queued + counts.claimed;
  context.output.info(
    `This is the unfinished batch ${id} (${state}): ${counts.sent} sent, ${left} to go. For another one: --new`,
  );
  if (left > 0) await confirm(context, left, options);
  if (state === 'locking') return begin(context, app, batch);
  if (state !== 'paused') return true;
  const canary = options.canary === undefined ? undefined : Number(options.canary);
  await resumePaused(app, id, app.operator, canary);
  return true;
}

/** Lock, if that was asked for, and let the mails go. False: Ctrl-C while it locks. */
async function begin({ output, signal }: Context, app: App, batch: Batch): Promise<boolean> {
  const all = batch.isLocking ? await countLocks(app, batch) : 0;
  const tell = tellLocked(output, all, () => app.clock.now());
  const isBegun = await beginBatch(app, batch, { signal, onLocked: tell.now });
  tell.end();
  if (!isBegun) {
    output.warn(
      `Batch ${batch.id}: not all passwords are locked, and nobody was mailed. Give the same command again to go on; reset batch cancel ${batch.id} ends it.`,
    );
  }
  return isBegun;
}
