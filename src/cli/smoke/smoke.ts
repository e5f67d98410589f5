import { writeNamedFile } from '../../values/write-file.ts';
import { createApp } from '../../app.ts';
import { parseDuration } from '../../values/duration.ts';
import { systemClock } from '../../create-reset.ts';
import { EXIT, ResetError } from '../../errors.ts';
import { openSmokeMailbox, type SmokeMailbox } from '../../flows/smoke/open-smoke-mailbox.ts';
import { runSmoke } from '../../flows/smoke/run-smoke.ts';
import { exitOf, type StepResult } from '../../flows/smoke/steps.ts';
import { startListener } from '../../http/listen.ts';
import type { Command, Context } from '../context.ts';
import type { OptionsOf } from '../define-command.ts';
import type { smokeOptions } from './declare.ts';
import { junitReport } from './junit.ts';
import { openConfig, openLog, TO_SEND } from '../open-app.ts';

/** `reset smoke`: a reset from end to end on a user who is there for it. One line a step. */
export const smoke: Command<OptionsOf<typeof smokeOptions>> = async (context, _args, options) => {
  const { email, allow: isAllowed = false, url } = options;
  if (url !== undefined && !URL.canParse(url))
    throw new ResetError('usage_invalid', `${url} is not a URL. Write https://example.com.`);
  const timeoutMs = parseDuration(options.timeout);
  const mailbox = await openSmokeMailbox(options.mailbox);
  try {
    const app = await openSmokeApp(context, mailbox);
    const steps: StepResult[] = [];
    try {
      const run = {
        app,
        email,
        isAllowed,
        url,
        timeoutMs,
        signal: context.signal,
        startPages: () => startListener(app),
        receive: (messageId: string) => mailbox.waitFor(messageId, timeoutMs),
        canSeeNotice: url === undefined || options.mailbox !== undefined,
      };
      for await (const step of runSmoke(run)) {
        steps.push(step);
        tell(context, step);
      }
    } finally {
      await app.close();
      // Readable for others, as a CI server's agent may be another user.
      if (options.junit !== undefined)
        writeNamedFile(options.junit, junitReport(steps), { option: '--junit', mode: 0o644 });
    }
    const failed = steps.find(({ status }) => status === 'failed');
    if (failed) return exitOf(failed.class);
    return context.signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    await mailbox.close();
  }
};

/** The configured set-up; mails go to our own capture unless a mailbox says where to find them afterwards. */
async function openSmokeApp(context: Context, { mailUrl }: SmokeMailbox) {
  const flags = {
    ...context.flags,
    ...(mailUrl === undefined ? {} : { 'mail.url': mailUrl }),
    'server.host': '127.0.0.1',
    'server.port': 0,
  };
  const config = await openConfig({ ...context, flags }, TO_SEND);
  const log = openLog({ ...context, quiet: !context.verbose });
  return createApp(config, { clock: systemClock, log, isRun: true });
}

const MARKS = { ok: 'ok', failed: 'bad', skipped: undefined } as const;

function tell({ output }: Context, result: StepResult): void {
  const { step, status, message, ms } = result;
  const text = status === 'skipped' ? `- ${step} (skipped)` : `${step}: ${message} (${ms} ms)`;
  output.result(result, text, MARKS[status]);
}
