import type { App } from '../../app.ts';
import type { ReadMail } from '../../mail/read-mail.ts';
import { readApplicationFormats } from '../passwords/application-formats.ts';
import { assertNativeSecret } from '../native/check-native-secret.ts';
import type { Native } from '../native/native-link.ts';
import { openNative } from '../native/native-link.ts';
import { describeMissing, howToFind, probeNativePage } from '../native/probe-native-page.ts';
import type { CanaryChoice } from './canary.ts';
import { chooseCanary, prepareCanary } from './canary.ts';
import { restoreAll } from './journal.ts';
import type { Step, StepResult } from './steps.ts';
import { expectStep } from './steps.ts';
import { createStepTaker, takeStep } from './take-steps.ts';
import { visit } from './visit.ts';
import type { Walk } from './walk.ts';
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
  /** ends after the current step, with everything restored */
  readonly signal: AbortSignal;
}

/** Every step as it ends. Whatever happens, the last one restores the user. */
export async function* runSmoke(run: SmokeRun): AsyncGenerator<StepResult> {
  const { app } = run;
  const taker = createStepTaker(app.clock, run.signal);
  const found: Found = {};
  yield taker.take({ name: 'clean start', class: 'setup', run: () => restoreWhatIsLeft(app) });
  try {
    yield taker.take({ name: 'test user', class: 'user', run: () => findUser(run, found) });
    yield taker.take(pagesStep(run, found));
    for (const step of listSteps(run, found)) yield taker.take(step);
  } finally {
    await found.listener?.close();
  }
  yield takeStep(app.clock, {
    name: 'the user is as before',
    class: 'restore',
    run: async () => (await restoreAll(app)).join(', ') || 'nothing had changed',
  });
}

/** What the first steps find. */
interface Found {
  user?: Pick<Walk, 'canary' | 'formats'>;
  /** where the pages answer; `native` when they are the application's */
  pages?: { readonly url: string; readonly native?: Native };
  listener?: Awaited<ReturnType<SmokeRun['startPages']>>;
}

/** After the preparations; none when one of them failed. */
function listSteps(run: SmokeRun, { user, pages }: Found): readonly Step[] {
  if (!user || !pages) return [];
  const walk = { ...run, ...user, pages: pages.url, isDeployed: run.url !== undefined };
  return pages.native ? listNativeSteps(walk, pages.native) : listOwnSteps(walk);
}

async function restoreWhatIsLeft(app: App): Promise<string> {
  const restored = await restoreAll(app);
  return restored.length === 0 ? 'nothing to restore' : `restored: ${restored.join(', ')}`;
}

async function findUser(run: SmokeRun, found: Found): Promise<string> {
  const { app } = run;
  const formats = await readApplicationFormats(app);
  const canary = await prepareCanary(app, await chooseCanary(app, run));
  found.user = { formats, canary };
  return `user ${canary.id}, ${canary.email}`;
}

function pagesStep(run: SmokeRun, found: Found): Step {
  const url = run.url?.replace(/\/+$/, '');
  return run.app.config.link.native
    ? {
        name: "the application's page answers",
        class: 'setup',
        run: () => findNativePages(run.app, url, found),
      }
    : {
        name: 'the pages answer',
        class: 'setup',
        run: async () => {
          if (url === undefined) found.listener = await run.startPages();
          const own = url ?? found.listener?.url ?? '';
          const message = await assertHealthy(own);
          found.pages = { url: own };
          return message;
        },
      };
}

/** The application answers, and its secret is not known to be wrong, before anything is sent. */
async function findNativePages(app: App, url: string | undefined, found: Found): Promise<string> {
  await assertNativeSecret(app);
  const [native, page] = [await openNative(app), await probeNativePage(app)];
  expectStep(native !== undefined && page !== undefined, 'links are ours');
  const isLost = page.state === 'elsewhere' || page.state === 'broken';
  expectStep(!isLost, `${describeMissing(page)}; ${howToFind(page)}`);
  found.pages = { url: url ?? native.baseUrl, native };
  return `${page.url} answers ${page.status ?? ''}`;
}

async function assertHealthy(url: string): Promise<string> {
  const health = `${url}/healthz`;
  const { status } = await visit(health, { signal: AbortSignal.timeout(10_000) });
  expectStep(status === 200, `${health} answers ${status} instead of 200`);
  return `${health} answers`;
}
