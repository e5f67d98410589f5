import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import {
  planRequireMany,
  requireMany,
  type ManyCounts,
  type RequireMany,
  type Spared,
} from '../../flows/access/require-many.ts';
import { plural } from '../../values/plural.ts';
import { programName } from '../../values/program-name.ts';
import type { Context } from '../command/context.ts';
import { withApp } from '../command/open-app.ts';
import { toColumnValue, wholeNumber } from '../person/selection-options.ts';
import { EXIT } from '../terminal/exit.ts';
import { waitFor } from '../terminal/waiting.ts';
import type { RequireOptions } from './require.ts';

/** `reset require --all` or `--where`: shows how many, asks, and goes on page by page until Ctrl-C. */
export async function requireOfMany(context: Context, options: RequireOptions): Promise<number> {
  const { where, except, expect, ticket, undo: isUndo = false, forceProtected = false } = options;
  const expected = expect === undefined ? undefined : wholeNumber('--expect', expect, 0);
  const selection = { where: where.map(toColumnValue), except: except.map(toColumnValue) };
  return withApp(context, { needed: ['database'], isBulk: true }, async ({ app }) => {
    const actor = { ...app.operator, ticket };
    const request: RequireMany = { ...selection, isUndo, actor, forceProtected };
    const plan = await waitFor(context, 'the plan', () => planRequireMany(app, request));
    assertExpected(plan, expected);
    const lines = planLines(plan, isUndo);
    if (options.dryRun === true || plan.chosen === 0) {
      context.output.result({ status: 'planned', ...plan, changed: 0 }, lines);
      return EXIT.done;
    }
    context.output.info(lines);
    if (options.yes !== true) await confirm(context);
    return carryOut(context, app, request, plan);
  });
}

async function carryOut(
  { output, signal }: Context,
  app: App,
  request: RequireMany,
  plan: ManyCounts,
): Promise<number> {
  const { isUndo } = request;
  const { changed, isComplete } = await requireMany(app, request, plan, {
    signal,
    onChanged: (done) => {
      output.info(`${done} of ${plural(plan.chosen, 'person', 'people')} changed`);
    },
  });
  const status = isComplete ? (isUndo ? 'lifted' : 'required') : 'stopped';
  const who = plural(changed, 'person', 'people');
  const text = isUndo
    ? `${who} no longer ${changed === 1 ? 'has' : 'have'} to choose a new password.`
    : `${who} must choose a new password at the next login. Nobody was mailed.`;
  output.result({ status, ...plan, changed }, text, isComplete ? 'ok' : 'warn');
  if (isComplete) return EXIT.done;
  output.warn('Stopped. The same command goes on with the rest.');
  return EXIT.interrupted;
}

const WHY: Readonly<Record<Spared, string>> = {
  excepted: 'left out by --except',
  refused: 'cannot be reset here',
  inactive: 'not active in the application',
  no_password: 'no password yet',
  protected: 'protected by support.protect; with --force-protected, too',
  already: 'so already',
};

function planLines({ total, chosen, spared }: ManyCounts, isUndo: boolean): string[] {
  const what = isUndo ? 'would no longer be asked' : 'would be asked';
  return [
    `${plural(total, 'person', 'people')} found; ${chosen} ${what} for a new password at the next login.`,
    ...Object.entries(spared).map(([why, count]) => `  left as is ${count}: ${WHY[why as Spared]}`),
  ];
}

function assertExpected({ chosen, spared }: ManyCounts, expected: number | undefined): void {
  if (expected === undefined || expected === chosen) return;
  throw new ResetError(
    'usage_invalid',
    `${plural(chosen, 'person', 'people')} would be changed, and --expect says ${expected}. Nothing was changed. To see why: ${programName} require … --dry-run`,
    { details: { expected, count: chosen, spared } },
  );
}

async function confirm({ ask }: Context): Promise<void> {
  if (await ask.confirm('Change this?', false)) return;
  throw new ResetError('usage_invalid', 'Nothing was changed.');
}
