import type { App } from '../../app.ts';
import type { ReadMail } from '../../mail/read-mail.ts';
import type { ApplicationFormats } from '../application-formats.ts';
import { checkDelivery } from '../check-delivery.ts';
import { sendReset } from '../send-reset.ts';
import { verifyResetToken } from '../verify-reset-token.ts';
import type { Canary } from './canary.ts';
import { makePassword } from './canary.ts';
import { accepts, decodeHtml, findLink, formatOf, waitForNotice } from './look.ts';
import { expectStep, type StepClass } from './steps.ts';

/** What a run needs besides the application. */
export interface Walk {
  readonly app: App;
  readonly canary: Canary;
  readonly formats: ApplicationFormats;
  /** where the pages answer */
  readonly pages: string;
  /** `--url`: links must begin with it, because that is where people will click */
  readonly isDeployed: boolean;
  /** waits for the mail with this Message-ID; undefined: nobody can look into the mailbox of the deployed one */
  readonly receive: (messageId: string) => Promise<ReadMail>;
  readonly canSeeNotice: boolean;
  readonly timeoutMs: number;
}

/** One thing that a run proves. `run` gives what was seen, and throws when it is not so. */
export interface Step {
  readonly name: string;
  readonly class: StepClass;
  readonly run: () => Promise<string>;
}

/** A reset from end to end, in order: each step stands on those before it. */
export function listSteps(walk: Walk): readonly Step[] {
  const { app, canary, formats, pages, isDeployed, receive } = walk;
  const newPassword = makePassword(app);
  let [requestId, messageId, link] = ['', '', ''];
  let mail: ReadMail | undefined;
  const visit = (method: string, body?: URLSearchParams) =>
    fetch(link, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(walk.timeoutMs),
      ...(body && { body }),
    });
  const submit = (password: string) => visit('POST', new URLSearchParams({ password, password2: password }));

  return [
    {
      name: 'the templates render and hold the link',
      class: 'template',
      run: async () => {
        await checkDelivery(app);
        return 'they do';
      },
    },
    {
      name: 'the mail server takes the mail',
      class: 'mail',
      run: async () => {
        const sent = await sendReset(app, {
          identifier: { id: canary.id },
          actor: app.operator,
          bucket: null,
        });
        expectStep(sent.status === 'sent', `${sent.status}: ${sent.reply ?? sent.reason ?? 'no reply'}`);
        requestId = sent.requestId;
        messageId = sent.messageId ?? '';
        return sent.reply ?? 'taken';
      },
    },
    {
      name: 'the mail arrives',
      class: 'mail',
      run: async () => {
        mail = await receive(messageId);
        expectStep(mail.to.includes(canary.email), `it is addressed to ${mail.to}`);
        return mail.subject;
      },
    },
    {
      name: 'the mail holds the link',
      class: 'link',
      run: async () => {
        const base = app.config.baseUrl ?? '';
        const found = findLink(mail);
        expectStep(found !== undefined, 'the text part has no link on a line of its own');
        expectStep(decodeHtml(mail?.html ?? '').includes(found), 'the HTML part has not the same link');
        expectStep(
          found.startsWith(`${base}/`),
          `the link begins with ${new URL(found).origin}, not with ${base}`,
        );
        expectStep(
          !isDeployed || found.startsWith(`${pages}/`),
          `the link leads to ${new URL(found).origin}, not to ${pages}`,
        );
        link = isDeployed ? found : `${pages}${found.slice(base.length)}`;
        return Promise.resolve(`it begins with ${base}`);
      },
    },
    {
      name: 'opening the link changes nothing',
      class: 'link',
      run: async () => {
        for (const method of ['GET', 'HEAD', 'GET']) {
          const { status } = await visit(method);
          expectStep(status === 200, `${method} of the link answers ${status} instead of 200`);
        }
        await verifyResetToken(app, link.slice(link.lastIndexOf('/') + 1));
        return 'two GET and a HEAD, and the link is still good';
      },
    },
    {
      name: 'the new password is taken',
      class: 'password',
      run: async () => {
        const { status } = await submit(newPassword);
        expectStep(status === 303, `the form answers ${status} instead of 303`);
        return '303';
      },
    },
    {
      name: 'the stored hash accepts the new password and not the old one',
      class: 'password',
      run: async () => {
        expectStep(await accepts(app, canary.id, newPassword), 'it does not accept the new password');
        expectStep(!(await accepts(app, canary.id, canary.password)), 'it still accepts the old password');
        const format = await formatOf(app, canary.id);
        const isKnown =
          format === canary.formatBefore || (canary.formatBefore === null && formats.accepts(format));
        const had = canary.formatBefore ?? formats.ofPreset ?? [...formats.ofRows.keys()].join(', ');
        expectStep(
          isKnown || formats.ofPreset === format,
          `it is a ${format} hash, and the application has ${had}: it may refuse the login. Look at users.hash`,
        );
        return format;
      },
    },
    {
      name: 'the link works only once',
      class: 'single-use',
      run: async () => {
        const { status } = await submit(makePassword(app));
        expectStep(status === 410, `the second use answers ${status} instead of 410`);
        expectStep(await accepts(app, canary.id, newPassword), 'the second use changed the password');
        return '410';
      },
    },
    {
      name: 'the notice arrives',
      class: 'notice',
      run: async () => {
        const { id, reply } = await waitForNotice(app, requestId, walk.timeoutMs);
        if (!walk.canSeeNotice) return `taken by the mail server (${reply}); to look at it, give --mailbox`;
        const notice = await receive(id);
        expectStep(findLink(notice) === undefined, 'the notice holds a reset link');
        return notice.subject;
      },
    },
  ];
}
