import type { App } from '../../app.ts';
import { planBatch } from '../../flows/batch/plan-batch.ts';
import { assertCanDeliver } from '../../flows/links/send-reset.ts';
import { warnOfUnknownLines } from './approve-plan.ts';
import { carryOut } from './carry-out.ts';
import type { Command, Context } from '../command/context.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';
import type { SendOptions } from './send-options.ts';
import { expectedOf, toBatchRequest } from './send-options.ts';
import { scheduleFrom } from './schedule-options.ts';
import { assertOneStdin, openInput, type Input } from './spool-input.ts';
import { warnOfNativeLinks } from '../command/warn-of-native-links.ts';

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
  const request = toBatchRequest(emails, options, {
    actor,
    schedule: scheduleFrom(options, app),
    now: app.clock.now(),
    files,
  });
  expectedOf(options);
  if (request.isMailed) {
    await assertCanDeliver(app);
    await warnOfNativeLinks(context, app);
  }
  const plan = await planBatch(app, request, options.new === true);
  return carryOut(context, app, plan, options, files.file?.name);
}
