import type { App } from '../../app.ts';
import type { Capture } from '../../mail/capture.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { isResetLink, requestUrlOf, tokenIn } from '../../tokens/reset-link.ts';
import { verifyResetToken } from '../links/verify-reset-token.ts';
import { readApplicationFormats } from '../passwords/application-formats.ts';
import { makePassword, type Canary } from '../smoke/canary.ts';
import { linkIn } from '../smoke/mail-links.ts';
import { listOwnSteps, type Submit } from '../smoke/own-steps.ts';
import { expectStep, type Step } from '../smoke/steps.ts';
import { accepts } from '../smoke/stored-hash.ts';
import { visit } from '../smoke/visit.ts';
import type { Walk } from '../smoke/walk.ts';
import { findResettableUser } from '../users/find-resettable-user.ts';
import { DEMO_USERS } from './add-demo-users.ts';

export interface DemoLoop {
  readonly app: App;
  readonly capture: Capture;
  /** Susan's, before the reset */
  readonly oldPassword: string;
}

const MAIL_MS = 20_000;
const [susan, minjun] = DEMO_USERS;

/** The whole loop over real SMTP and real HTTP: the steps of `smoke`, and those that only a playground can take. */
export async function listDemoSteps({ app, capture, oldPassword }: DemoLoop): Promise<readonly Step[]> {
  const { id, email, encoded } = await findResettableUser(app, { email: susan.email });
  const formatBefore = identifyFormat(encoded ?? '')?.name ?? null;
  const walk: Walk = {
    app,
    canary: { id, email, password: oldPassword, formatBefore },
    formats: await readApplicationFormats(app),
    pages: app.config.baseUrl ?? '',
    isDeployed: false,
    receive: (messageId) => capture.waitFor((mail) => mail.messageId === messageId, MAIL_MS),
    canSeeNotice: true,
    hasOwnMailServer: false, // the playground's is the configured one
    timeoutMs: MAIL_MS,
  };
  return [
    ...listOwnSteps(walk, (submit) => [badPasswordsStep(app, walk.canary, submit)]),
    requestPageStep(walk, capture),
  ];
}

const badPasswordsStep = (app: App, { id, password }: Canary, submit: Submit): Step => ({
  name: 'a short password, and two that differ, are refused',
  class: 'password',
  run: async () => {
    const short = await submit('short');
    expectStep(short === 422, `a short password: the form answers ${short} instead of 422`);
    const different = await submit(makePassword(app), makePassword(app));
    expectStep(different === 422, `two that differ: the form answers ${different} instead of 422`);
    expectStep(await accepts(app, id, password), 'the old password no longer works');
    return 'both answer 422';
  },
});

const requestPageStep = (walk: Walk, capture: Capture): Step => ({
  name: `the request page mails a link to ${minjun.email}, in Korean`,
  class: 'mail',
  run: async () => {
    const body = new URLSearchParams({ email: minjun.email });
    const { status } = await visit(requestUrlOf(walk.pages), { method: 'POST', body });
    expectStep(status === 303, `the form answers ${status} instead of 303`);
    const mail = await capture.waitFor(({ envelope }) => envelope.to.includes(minjun.email), MAIL_MS);
    expectStep(/\p{Script=Hangul}/u.test(mail.text), 'the mail has no Korean words');
    await verifyResetToken(walk.app, tokenIn(linkIn(walk, mail, isResetLink)));
    return mail.subject;
  },
});
