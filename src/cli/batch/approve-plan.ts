import type { App } from '../../app.ts';
import { isResetError, ResetError } from '../../errors.ts';
import { survivingOfBatch } from '../../flows/access/surviving.ts';
import { knowsChanges } from '../../flows/batch/batch-request.ts';
import type { Plan } from '../../flows/batch/plan-batch.ts';
import { countLocks, listUnknown } from '../../flows/batch/start-batch.ts';
import { explainLines, unknownLinesError } from '../../flows/batch/unknown-lines.ts';
import { plural } from '../../values/plural.ts';
import { Interrupted } from '../terminal/ask.ts';
import type { Context } from '../command/context.ts';
import { planLines, printDryRun } from './print-plan.ts';
import type { SendOptions } from './send-options.ts';
import { expectedOf } from './send-options.ts';

/** Lines that a terminal lists; `--json` has them all. */
const LISTED = 50;

/** What says whether a plan is carried out. */
export type Approval = Partial<
  Pick<SendOptions, 'dryRun' | 'yes' | 'expect' | 'canary' | 'ignoreUnknown' | 'skipIfChangedSince'>
>;

/**
 * Checks, dry run and question: should the plan be carried out? Gives how many passwords it locks, and undefined where it
 * should not. Throws when it must not be. `file` is the name of the recipients' file.
 */
export async function approvePlan(
  context: Context,
  app: App,
  plan: Plan,
  { options, file }: { readonly options: Approval; readonly file: string | undefined },
): Promise<{ readonly locks: number } | undefined> {
  const { output } = context;
  const locks = plan.batch.isLocking ? (plan.locks ?? (await countLocks(app, plan.batch))) : 0;
  const surviving = await survivingOfBatch(app, plan.batch);
  await sayWhatIsUnknown(context, app, options);
  assertChosen(plan, file);
  const isDryRun = options.dryRun === true;
  if (isDryRun) await printDryRun(context, app, plan, { locks, surviving });
  if (options.ignoreUnknown !== true) await assertNoUnknown(app, plan, file);
  else if (isDryRun) await warnOfIgnoredLines(context, app, plan, file);
  assertExpected(plan, locks, expectedOf(options));
  if (isDryRun) return undefined;
  if (plan.counts.total === 0) {
    output.result(NOBODY, 'Nobody was chosen: there is nothing to send.', 'ok');
    return undefined;
  }
  for (const line of planLines(plan, { locks, surviving })) output.info(line);
  if (isIdleReminder(plan)) {
    const { total, skipped, reasons } = plan.counts;
    output.result(
      { ...NOBODY, total, skipped, reasons },
      'Nobody is due for a reminder: nothing was sent.',
      'ok',
    );
    return undefined;
  }
  if (plan.counts.queued > 0 || locks > 0) await confirm(context, plan.counts.queued, options);
  if (context.signal.aborted) throw new Interrupted();
  return { locks };
}

const NOBODY = { batch: null, total: 0, sent: 0, skipped: 0, failed: 0, unknown: 0 };

/** Given again too early, or after everybody has changed. */
const isIdleReminder = ({ batch, counts }: Plan): boolean => batch.parentId !== null && counts.queued === 0;

async function sayWhatIsUnknown({ output }: Context, app: App, options: Approval): Promise<void> {
  if (options.skipIfChangedSince === undefined || (await knowsChanges(app))) return;
  output.info(
    'The users table does not record when a password changed, so only resets by this program are known.',
  );
}

/** A file that was meant to name people and names none: a failed export, or the wrong file. */
function assertChosen({ counts }: Plan, file: string | undefined): void {
  if (counts.total > 0 || file === undefined) return;
  throw new ResetError('usage_invalid', `${file} names nobody. Nothing was sent.`);
}

async function assertNoUnknown(app: App, { batch, counts }: Plan, file: string | undefined): Promise<void> {
  const { user_not_found: strangers = 0, line_mismatch: mismatches = 0 } = counts.reasons;
  if (strangers + mismatches === 0) return;
  throw unknownLinesError(file, await listUnknown(app, batch));
}

async function warnOfIgnoredLines(
  context: Context,
  app: App,
  plan: Plan,
  file: string | undefined,
): Promise<void> {
  await assertNoUnknown(app, plan, file).catch((error: unknown) => {
    warnOfUnknownLines(context, error);
  });
}

/** The lines that stop a batch, one by one, before the error that counts them. */
export function warnOfUnknownLines({ output }: Context, error: unknown): void {
  if (!isResetError(error)) return;
  const lines = explainLines(error);
  for (const line of lines.slice(0, LISTED)) output.warn(line);
  if (lines.length > LISTED) output.warn(`… and ${lines.length - LISTED} more: list all with --json`);
}

function assertExpected({ batch, counts }: Plan, locks: number, expected: number | undefined): void {
  const count = batch.isLocking ? locks : counts.queued;
  if (expected === undefined || expected === count) return;
  const what = batch.isLocking ? plural(count, 'password') : plural(count, 'recipient');
  throw new ResetError(
    'usage_invalid',
    `The plan has ${what}${batch.isLocking ? ' to lock' : ''}, and --expect says ${expected}. Nothing was sent. To see who is skipped and why: --dry-run`,
    { details: { expected, count, reasons: counts.reasons } },
  );
}

/** Asks at a terminal, unless `--yes` has said it. Throws usage_invalid for a no. */
export async function confirm({ ask }: Context, count: number, { yes }: Approval): Promise<void> {
  if (yes === true) return;
  const mails = plural(count, 'mail');
  if (!ask.isPossible) {
    throw new ResetError(
      'usage_invalid',
      `This would send ${mails}. Confirm with --yes, or see the plan first: --dry-run`,
    );
  }
  if (!(await ask.confirm(`Send ${mails}?`, false))) {
    throw new ResetError('usage_invalid', 'Nothing was sent.');
  }
}
