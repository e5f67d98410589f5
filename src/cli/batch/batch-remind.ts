import { ResetError } from '../../errors.ts';
import { planReminder, type ReminderRequest } from '../../flows/batch/plan-reminder.ts';
import { assertCanDeliver } from '../../flows/links/send-reset.ts';
import type { Actor } from '../../types.ts';
import { parseDuration } from '../../values/duration.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';
import { warnOfNativeLinks } from '../command/warn-of-native-links.ts';
import { carryOut } from './carry-out.ts';
import type { remindOptions } from './declare.ts';
import { scheduleFrom } from './schedule-options.ts';
import { wholeNumber } from '../person/selection-options.ts';
import { expectedOf, given, readReason } from './send-options.ts';

type RemindOptions = OptionsOf<typeof remindOptions>;

/** `reset batch remind ID`: a new link for those who still have no new password. */
export const batchRemind: Command<RemindOptions> = (context, [id = ''], options) =>
  withApp(context, { needed: TO_SEND, isBulk: true }, async ({ app }) => {
    const actor = { ...app.operator, ticket: options.ticket };
    const request = { ...toRequest(id, options, actor), ...scheduleFrom(options, app) };
    expectedOf(options);
    await assertCanDeliver(app);
    await warnOfNativeLinks(context, app);
    const plan = await planReminder(app, request);
    if (plan.isResumed && request.reason !== undefined && request.reason !== plan.batch.reason)
      context.output.warn('It keeps the paragraph that it was started with.');
    // People who are no longer there are counted as such.
    return carryOut(context, app, plan, { ...options, ignoreUnknown: true });
  });

/** Options → what the flow understands. Throws usage_invalid. */
function toRequest(parentId: string, options: RemindOptions, actor: Actor): ReminderRequest {
  return {
    parentId,
    afterMs: afterOf(options.after ?? '3d'),
    max: wholeNumber('--max', options.max ?? '2', 1),
    actor,
    reason: given(options.reasonFile, readReason),
    canary: given(options.canary, (text) => wholeNumber('--canary', text, 1)),
    isDryRun: options.dryRun === true,
  };
}

function afterOf(text: string): number {
  if (/^\d{1,6}[smhd]$/.test(text)) return parseDuration(text);
  throw new ResetError(
    'usage_invalid',
    `--after takes a time such as 3d or 36h, not ${JSON.stringify(text)}.`,
  );
}
