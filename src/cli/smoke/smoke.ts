import { explainError } from '../../app.ts';
import { EXIT } from '../terminal/exit.ts';
import { openSmokeMailbox, type SmokeMailbox } from '../../flows/smoke/open-smoke-mailbox.ts';
import { runSmoke } from '../../flows/smoke/run-smoke.ts';
import { exitOf, type StepResult } from '../../flows/smoke/steps.ts';
import { startListener } from '../../http/listen.ts';
import { parseDuration } from '../../values/duration.ts';
import { writeNamedFile } from '../../values/write-file.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';
import type { smokeOptions } from './declare.ts';
import { junitReport } from './junit.ts';
import { readPagesUrl } from './read-pages-url.ts';

type SmokeOptions = OptionsOf<typeof smokeOptions>;

/** `reset smoke`: a complete reset on a test user. One line a step; the report also says why nothing could begin. */
export const smoke: Command<SmokeOptions> = async (context, _args, options) => {
  const steps: StepResult[] = [];
  try {
    await takeSteps(context, options, steps);
  } catch (error) {
    steps.push(brokenSetUp(error));
    try {
      report(options.junit, steps);
    } catch (unwritten) {
      context.output.warn(unwritten instanceof Error ? unwritten.message : String(unwritten));
    }
    throw error;
  }
  report(options.junit, steps);
  const failed = steps.find(({ status }) => status === 'failed');
  if (failed) return exitOf(failed.class);
  return context.signal.aborted ? EXIT.interrupted : EXIT.done;
};

async function takeSteps(context: Context, options: SmokeOptions, steps: StepResult[]): Promise<void> {
  const { email, allow: isAllowed = false } = options;
  const url = options.url === undefined ? undefined : readPagesUrl(options.url);
  const timeoutMs = parseDuration(options.timeout);
  const mailbox = await openSmokeMailbox(options.mailbox);
  try {
    await withApp(contextOf(context, mailbox), { needed: TO_SEND, isRun: true }, async ({ app }) => {
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
        hasOwnMailServer: options.mailbox === undefined,
      };
      for await (const step of runSmoke(run)) {
        steps.push(step);
        print(context, step);
      }
    });
  } finally {
    await mailbox.close();
  }
}

/** Readable for others, as a CI server's agent may be another user. */
function report(file: string | undefined, steps: readonly StepResult[]): void {
  if (file !== undefined) writeNamedFile(file, junitReport(steps), { option: '--junit', mode: 0o644 });
}

/** A wrong configuration, missing tables, a database that is away: these are what CI is meant to find. */
function brokenSetUp(error: unknown): StepResult {
  const explained = explainError(error);
  const message = explained instanceof Error ? explained.message : String(explained);
  return { step: 'set-up', class: 'setup', status: 'failed', ms: 0, message };
}

/** The configured set-up; mails go to our own capture unless a mailbox says where to find them afterwards. */
function contextOf(context: Context, { mailUrl }: SmokeMailbox): Context {
  const flags = {
    ...context.flags,
    ...(mailUrl === undefined ? {} : { 'mail.url': mailUrl }),
    'server.host': '127.0.0.1',
    'server.port': 0,
  };
  return { ...context, flags, quiet: !context.verbose };
}

const MARKS = { ok: 'ok', failed: 'bad', skipped: undefined } as const;

function print({ output }: Context, result: StepResult): void {
  const { step, status, message, ms } = result;
  const text =
    status === 'skipped' ? `- ${step} (skipped)` : `${step}: ${message.replace(/\s*\n\s*/g, ' ')} (${ms} ms)`;
  output.result(result, text, MARKS[status]);
}
