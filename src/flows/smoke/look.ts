import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { isResetError } from '../../errors.ts';
import type { ReadMail } from '../../mail/read-mail.ts';
import { findMessages } from '../../outbox/find-messages.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { getUsers } from '../../users/find-user.ts';
import { checkKnownPassword } from '../check-known-password.ts';
import { expectStep } from './steps.ts';

/** The link stands alone on its line, whole. */
export const findLink = (mail: ReadMail | undefined): string | undefined =>
  mail?.text
    .split(/\r?\n/)
    .find((line) => /^https?:\/\/\S+\/reset_password\/\S+$/.test(line.trim()))
    ?.trim();

/** What our templates escape in a URL. */
export const decodeHtml = (html: string): string => html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');

/** Does the stored hash of this user accept a password? */
export async function accepts(app: App, id: string, password: string): Promise<boolean> {
  try {
    await checkKnownPassword(app, { id }, password);
    return true;
  } catch (error) {
    if (isResetError(error) && error.code === 'password_rejected') return false;
    throw error;
  }
}

/** The format of a user's stored hash, by name. */
export async function formatOf(app: App, id: string): Promise<string> {
  const mapping = await app.mapping();
  const encoded = (await getUsers(app.db, mapping, [id])).get(id)?.encoded ?? '';
  return identifyFormat(encoded, mapping.hashFormat ?? undefined)?.name ?? 'unknown';
}

/** The listener delivers the notice; the outbox says when, and under which Message-ID. */
export async function waitForNotice(
  app: App,
  requestId: string,
  timeoutMs: number,
): Promise<{ id: string; reply: string }> {
  const pollMs = 100;
  for (let left = timeoutMs; ; left -= pollMs) {
    const notice = (await findMessages(app.db, requestId)).find(({ kind }) => kind === 'notice');
    expectStep(notice !== undefined, 'no notice was queued');
    if (notice.state === 'sent') return { id: notice.messageId ?? '', reply: notice.reply ?? '' };
    const isOver = notice.state !== 'queued' && notice.state !== 'claimed';
    const said = notice.reply ?? notice.reason ?? 'nobody delivered it';
    expectStep(!isOver && left > 0, `the notice is ${notice.state} after ${timeoutMs / 1000} s: ${said}`);
    await sleep(pollMs);
  }
}
