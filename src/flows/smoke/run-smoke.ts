import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import type { ReadMail } from '../../mail/read-mail.ts';
import { readApplicationFormats } from '../application-formats.ts';
import type { CanaryChoice } from './canary.ts';
import { chooseCanary, prepareCanary } from './canary.ts';
import { restoreAll } from './journal.ts';
import type { StepClass, StepResult } from './steps.ts';
import { expectStep } from './steps.ts';
import { listSteps } from './walk.ts';

export interface SmokeRun extends CanaryChoice {
  readonly app: App;
  /** `--url`: the listener that is deployed; without it `startPages` starts one of our own */
  readonly url?: string | undefined;
  readonly startPages: () => Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly receive: (messageId: string) => Promise<ReadMail>;
  /** whether `receive` also sees what the deployed listener sends */
  readonly canSeeNotice: boolean;
  readonly timeoutMs: number;
  /** ends after the step under way, with everything put back */
  readonly signal: AbortSignal;
}

/** Every step as it ends. Whatever happens, the last one puts the user back as it was. */
export async function* runSmoke(run: SmokeRun): AsyncGenerator<StepResult> {
  const { app, signal } = run;
  let isBroken = false;
  const attempt = async <T>(step: string, kind: StepClass, work: () => Promise<[T, string]>) => {
    const from = app.clock.now();
    const result = (status: StepResult['status'], message: string): StepResult => ({
      step,
      class: kind,
      status,
      ms: app.clock.now() - from,
      message,
    });
    if (isBroken || signal.aborted)
      return { result: result('skipped', 'an earlier step failed'), value: undefined };
    try {
      const [value, message] = await work();
      return { result: result('ok', message), value };
    } catch (error) {
      isBroken = true;
      return { result: result('failed', messageOf(error)), value: undefined };
    }
  };

  const cleaned = await attempt('nothing is left of an earlier run', 'setup', async () => {
    const restored = await restoreAll(app);
    return [undefined, restored.length === 0 ? 'nothing was' : `put right: ${restored.join(', ')}`];
  });
  yield cleaned.result;
  let pages: Awaited<ReturnType<SmokeRun['startPages']>> | undefined;
  try {
    const chosen = await attempt('a user to be tried on', 'user', async () => {
      const formats = await readApplicationFormats(app);
      const canary = await prepareCanary(app, await chooseCanary(app, run));
      return [{ formats, canary }, `user ${canary.id}, ${canary.email}`];
    });
    yield chosen.result;
    const started = await attempt('the pages answer', 'setup', async () => {
      if (run.url !== undefined) return [run.url.replace(/\/+$/, ''), await assertHealthy(run.url)];
      pages = await run.startPages();
      return [pages.url, await assertHealthy(pages.url)];
    });
    yield started.result;
    if (chosen.value && started.value !== undefined) {
      const isDeployed = run.url !== undefined;
      for (const step of listSteps({ ...run, ...chosen.value, pages: started.value, isDeployed })) {
        yield (await attempt(step.name, step.class, async () => [undefined, await step.run()])).result;
      }
    }
  } finally {
    await pages?.close();
  }
  isBroken = false;
  const from = app.clock.now();
  yield await putBack(app, from);
}

async function putBack(app: App, from: number): Promise<StepResult> {
  const step = { step: 'the user is as before', class: 'restore' } as const;
  try {
    const message = (await restoreAll(app)).join(', ') || 'nothing had changed';
    return { ...step, status: 'ok', ms: app.clock.now() - from, message };
  } catch (error) {
    return { ...step, status: 'failed', ms: app.clock.now() - from, message: messageOf(error) };
  }
}

async function assertHealthy(url: string): Promise<string> {
  const health = `${url.replace(/\/+$/, '')}/healthz`;
  const { status } = await fetch(health, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
  expectStep(status === 200, `${health} answers ${status} instead of 200`);
  return `${health} answers`;
}

function messageOf(error: unknown): string {
  const explained = explainError(error);
  if (!(explained instanceof Error)) return String(explained);
  const { cause } = explained as { cause?: { code?: string } };
  return explained.message === 'fetch failed'
    ? `no connection (${cause?.code ?? 'unknown'})`
    : explained.message;
}
