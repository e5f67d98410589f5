import { verifyResetToken } from '../links/verify-reset-token.ts';
import { makePassword } from './canary.ts';
import { hashStep } from './hash-step.ts';
import { findLink, linkIn } from './mail-links.ts';
import { listMailSteps, startTrail } from './mail-steps.ts';
import type { Step } from './steps.ts';
import { expectStep } from './steps.ts';
import { accepts } from './stored-hash.ts';
import { visit } from './visit.ts';
import { waitForNotice } from './wait-for-notice.ts';
import type { Walk } from './walk.ts';
import { isResetLink, tokenIn } from '../../tokens/reset-link.ts';

/** Sends the form of the new password; gives the status of the answer. */
export type Submit = (password: string, repeated?: string) => Promise<number>;

/**
 * A complete reset on our own pages, in order; each step depends on those before it. `beforeSubmit` are the caller's
 * own steps on a link that was opened and not used.
 */
export function listOwnSteps(
  walk: Walk,
  beforeSubmit: (submit: Submit) => readonly Step[] = () => [],
): readonly Step[] {
  const { app, canary, pages, isDeployed, receive } = walk;
  const newPassword = makePassword(app);
  const trail = startTrail();
  const open = (method: string, body?: URLSearchParams) =>
    visit(trail.link, {
      method,
      signal: AbortSignal.timeout(walk.timeoutMs),
      ...(body && { body }),
    });
  const submit: Submit = async (password, repeated = password) =>
    (await open('POST', new URLSearchParams({ password, password2: repeated }))).status;

  return [
    ...listMailSteps(walk, trail),
    {
      name: 'the mail contains the link',
      class: 'link',
      run: async () => {
        const base = app.config.baseUrl ?? '';
        const found = linkIn(walk, trail.mail, isResetLink);
        trail.link = isDeployed ? found : `${pages}${found.slice(base.length)}`;
        return Promise.resolve(`it begins with ${base}`);
      },
    },
    {
      name: 'opening the link changes nothing',
      class: 'link',
      run: async () => {
        for (const method of ['GET', 'HEAD', 'GET']) {
          const { status } = await open(method);
          expectStep(status === 200, `${method} of the link answers ${status} instead of 200`);
        }
        await verifyResetToken(app, tokenIn(trail.link));
        return 'two GETs and a HEAD, and the link still works';
      },
    },
    ...beforeSubmit(submit),
    {
      name: 'the new password is accepted',
      class: 'password',
      run: async () => {
        const status = await submit(newPassword);
        expectStep(status === 303, `the form answers ${status} instead of 303`);
        return 'the form answers 303';
      },
    },
    hashStep(walk, newPassword),
    {
      name: 'the link works only once',
      class: 'single-use',
      run: async () => {
        const status = await submit(makePassword(app));
        expectStep(status === 410, `the second use answers ${status} instead of 410`);
        expectStep(await accepts(app, canary.id, newPassword), 'the second use changed the password');
        return 'the second use answers 410';
      },
    },
    {
      name: 'the notice arrives',
      class: 'notice',
      run: async () => {
        const { id, reply } = await waitForNotice(app, trail.requestId, walk.timeoutMs);
        if (!walk.canSeeNotice)
          return `accepted by the mail server (${reply}); to check its content, give --mailbox`;
        const notice = await receive(id);
        expectStep(findLink(notice, isResetLink) === undefined, 'the notice contains a reset link');
        return notice.subject;
      },
    },
  ];
}
