import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import type { ReadMail } from '../../mail/read-mail.ts';
import { readApplicationFormats } from '../passwords/application-formats.ts';
import { assertNativeSecret } from '../native/check-native-secret.ts';
import type { Native } from '../native/native-link.ts';
import { openNative } from '../native/native-link.ts';
import { describeMissing, howToFind, probeNativePage } from '../native/probe-native-page.ts';
import type { CanaryChoice } from './canary.ts';
import { chooseCanary, prepareCanary } from './canary.ts';
import { restoreAll } from './journal.ts';
import type { StepClass, StepResult } from './steps.ts';
import { expectStep } from './steps.ts';
import { visit } from './visit.ts';
import { listNativeSteps } from './native-steps.ts';
import { listOwnSteps } from './own-steps.ts';

export interface SmokeRun extends CanaryChoice {
  readonly app: App;
  /**
   * `--url`: the listener that is deployed; without it `startPages` starts one of our own. With native links the
   * application, which is at the base URL by default.
   */
  readonly url?: string | undefined;
  readonly startPages: () => Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly receive: (messageId: string) => Promise<ReadMail>;
  /** whether `receive` also sees what the deployed listener sends */
  readonly canSeeNotice: boolean;
  /** mails go to a mail server inside this process, and not to the configured one */
  readonly hasOwnMailServer: boolean;
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

  const cleaned = await attempt('clean start', 'setup', async () => {
    const restored = await restoreAll(app);
    return [undefined, restored.length === 0 ? 'nothing to restore' : `restored: ${restored.join(', ')}`];
  });
  yield cleaned.result;
  let pages: Awaited<ReturnType<SmokeRun['startPages']>> | undefined;
  try {
    const chosen = await attempt('test user', 'user', async () => {
      const formats = await readApplicationFormats(app);
      const canary = await prepareCanary(app, await chooseCanary(app, run));
      return [{ formats, canary }, `user ${canary.id}, ${canary.email}`];
    });
    yield chosen.result;
    const url = run.url?.replace(/\/+$/, '');
    const started = app.config.link.native
      ? await attempt('the page of the application answers', 'setup', () => openNativePages(app, url))
      : await attempt('the pages answer', 'setup', async () => {
          pages = url === undefined ? await run.startPages() : undefined;
          const own = url ?? pages?.url ?? '';
          return [{ pages: own, native: undefined }, await assertHealthy(own)];
        });
    yield started.result;
    if (chosen.value && started.value) {
      const { native } = started.value;
      const walk = { ...run, ...chosen.value, pages: started.value.pages, isDeployed: url !== undefined };
      for (const step of native ? listNativeSteps(walk, native) : listOwnSteps(walk)) {
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

/** The application is there, and its secret is not known to be another one, before anything is sent. */
async function openNativePages(
  app: App,
  url: string | undefined,
): Promise<[{ pages: string; native: Native | undefined }, string]> {
  await assertNativeSecret(app);
  const [native, page] = [await openNative(app), await probeNativePage(app)];
  expectStep(native !== undefined && page !== undefined, 'links are ours');
  const isLost = page.state === 'elsewhere' || page.state === 'broken';
  expectStep(!isLost, `${describeMissing(page)}; ${howToFind(page)}`);
  return [{ pages: url ?? native.baseUrl, native }, `${page.url} answers ${page.status ?? ''}`];
}

async function assertHealthy(url: string): Promise<string> {
  const health = `${url}/healthz`;
  const { status } = await visit(health, { signal: AbortSignal.timeout(10_000) });
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
