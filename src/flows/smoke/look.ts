import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { isResetError } from '../../errors.ts';
import type { ReadMail } from '../../mail/read-mail.ts';
import { findMessages } from '../../outbox/find-messages.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { getUsers } from '../../users/reading/find-user.ts';
import { checkKnownPassword } from '../passwords/check-known-password.ts';
import { expectStep } from './steps.ts';
import type { Walk } from './walk.ts';

/** The link stands alone on its line, whole. */
export const findLink = (mail: ReadMail | undefined, isLink: (line: string) => boolean): string | undefined =>
  mail?.text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .find(isLink);

/** The link of a mail, in both of its parts, and where people will click. */
export function linkIn(
  { app, pages, isDeployed }: Pick<Walk, 'app' | 'pages' | 'isDeployed'>,
  mail: ReadMail | undefined,
  isLink: (line: string) => boolean,
): string {
  const base = app.config.baseUrl ?? '';
  const found = findLink(mail, isLink);
  expectStep(found !== undefined, 'the text part has no link on a line of its own');
  expectStep(decodeHtml(mail?.html ?? '').includes(found), 'the HTML part does not contain the same link');
  expectStep(found.startsWith(`${base}/`), `the link begins with ${new URL(found).origin}, not with ${base}`);
  expectStep(
    !isDeployed || found.startsWith(`${pages}/`),
    `the link leads to ${new URL(found).origin}, not to ${pages}`,
  );
  return found;
}

/** What our templates escape in a URL. */
const decodeHtml = (html: string): string => html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');

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
