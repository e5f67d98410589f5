import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { App } from '../../app.ts';
import { isResetError } from '../../errors.ts';
import type { Capture, CapturedMail } from '../../mail/capture.ts';
import { checkKnownPassword } from '../passwords/check-known-password.ts';
import { isResetLink, linkTo, requestUrlOf, tokenIn } from '../../tokens/reset-link.ts';
import { sendReset } from '../links/send-reset.ts';
import { verifyResetToken } from '../links/verify-reset-token.ts';
import { DEMO_USERS } from './add-demo-users.ts';

/** One thing that `demo --once` proves. `run` throws when it is not so. */
export interface DemoCheck {
  readonly title: string;
  readonly run: () => Promise<void>;
}

export interface DemoLoop {
  readonly app: App;
  readonly capture: Capture;
  /** Susan's, before the reset */
  readonly oldPassword: string;
}

const MAIL_MS = 20_000;
const [susan, minjun] = DEMO_USERS;

/** The whole loop over real SMTP and real HTTP, in order: each check stands on those before it. */
export function listDemoChecks({ app, capture, oldPassword }: DemoLoop): readonly DemoCheck[] {
  const newPassword = randomBytes(15).toString('base64url');
  const base = app.config.baseUrl ?? '';
  let link = '';
  const post = (password: string, again = password) =>
    request(link, { method: 'POST', body: new URLSearchParams({ password, password2: again }) });

  return [
    {
      title: 'a reset mail to susan@example.com went out over SMTP',
      run: async () => {
        const identifier = { email: susan.email };
        const result = await sendReset(app, { identifier, actor: app.operator, bucket: null });
        assert.equal(result.status, 'sent', result.reply);
        const mail = await capture.waitFor(isTo(susan.email, result.messageId), MAIL_MS);
        link = findLink(mail, base);
      },
    },
    {
      title: 'opening the link twice, and a HEAD request, leave it good',
      run: async () => {
        for (const method of ['GET', 'HEAD', 'GET']) {
          assert.equal((await request(link, { method })).status, 200, `${method} of the link`);
        }
        await verifyResetToken(app, tokenIn(link));
      },
    },
    {
      title: 'a short password, and two that differ, are refused',
      run: async () => {
        assert.equal((await post('short')).status, 422, 'a short password');
        assert.equal((await post(newPassword, oldPassword)).status, 422, 'two passwords that differ');
        assert.ok(await accepts(app, oldPassword), 'the old password must still be good');
      },
    },
    {
      title: 'the new password is taken',
      run: async () => {
        assert.equal((await post(newPassword)).status, 303);
      },
    },
    {
      title: 'the stored hash accepts the new password, and no longer the old one',
      run: async () => {
        assert.ok(await accepts(app, newPassword), 'the new password');
        assert.ok(!(await accepts(app, oldPassword)), 'the old password');
      },
    },
    {
      title: 'the link works only once: the second use is refused (410)',
      run: async () => {
        assert.equal((await post(`${newPassword}-again`)).status, 410);
        assert.ok(await accepts(app, newPassword), 'the password must be the first one');
      },
    },
    {
      title: 'the notice "your password was changed" has arrived, without a link',
      run: async () => {
        const isNotice = (mail: CapturedMail) =>
          isTo(susan.email)(mail) && !mail.text.split('\n').some(isResetLink);
        await capture.waitFor(isNotice, MAIL_MS);
      },
    },
    {
      title: 'the request page mails a link to minjun@example.com, in Korean',
      run: async () => {
        const body = new URLSearchParams({ email: minjun.email });
        assert.equal((await request(requestUrlOf(base), { method: 'POST', body })).status, 303);
        const mail = await capture.waitFor(isTo(minjun.email), MAIL_MS);
        assert.match(mail.text, /\p{Script=Hangul}/u);
        await verifyResetToken(app, tokenIn(findLink(mail, base)));
      },
    },
  ];
}

const request = (url: string, init: RequestInit) => fetch(url, { ...init, redirect: 'manual' });

const isTo = (email: string, messageId?: string) => (mail: CapturedMail) =>
  mail.envelope.to.includes(email) && (messageId === undefined || mail.messageId === messageId);

/** The link stands alone on its line, whole, in both parts. */
function findLink({ text, html }: CapturedMail, base: string): string {
  const link = text.split('\n').find((line) => line.startsWith(linkTo(base, ''))) ?? '';
  assert.notEqual(link, '', 'the text part must hold the link on a line of its own');
  assert.ok(html.includes(link), 'the HTML part must hold the same link');
  return link.trim();
}

async function accepts(app: App, password: string): Promise<boolean> {
  try {
    await checkKnownPassword(app, { email: susan.email }, password);
    return true;
  } catch (error) {
    if (isResetError(error) && error.code === 'password_rejected') return false;
    throw error;
  }
}
